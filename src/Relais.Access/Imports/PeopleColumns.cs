namespace Relais.Access.Imports;

/// <summary>The columns of a list of people, by what French and English files call them.</summary>
internal static class PeopleColumns
{
    public const string UserName = "user_name";
    public const string Name = "name";
    public const string Mail = "mail";
    public const string Groups = "groups";
    public const string Bundle = "bundle";
    public const string Language = "language";
    public const string Site = "site";
    public const string Until = "contractor_until";
    public const string Phone = "phone";
    public const string Roles = "roles";

    public static readonly IReadOnlyList<string> All = [UserName, Name, Mail, Groups, Bundle, Language, Site, Until, Phone, Roles];

    public static readonly IReadOnlyList<string> Wanted = [UserName, Name, Mail];

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user name"] = UserName, ["username"] = UserName, ["login"] = UserName, ["identifiant"] = UserName,
        ["name"] = Name, ["display name"] = Name, ["nom"] = Name, ["nom complet"] = Name,
        ["mail"] = Mail, ["email"] = Mail, ["e-mail"] = Mail, ["courriel"] = Mail, ["adresse e-mail"] = Mail,
        ["groups"] = Groups, ["group"] = Groups, ["groupes"] = Groups, ["groupe"] = Groups,
        ["bundle"] = Bundle, ["desktop"] = Bundle, ["modèle"] = Bundle, ["modele"] = Bundle, ["bureau"] = Bundle,
        ["language"] = Language, ["langue"] = Language,
        ["site"] = Site, ["call centre"] = Site, ["call center"] = Site, ["centre d'appels"] = Site, ["centre"] = Site,
        ["contractor until"] = Until, ["prestataire jusqu'au"] = Until, ["fin de contrat"] = Until,
        ["phone"] = Phone, ["telephone"] = Phone, ["téléphone"] = Phone,
        ["roles"] = Roles, ["role"] = Roles, ["rôles"] = Roles, ["rôle"] = Roles,
    };

    private static readonly Dictionary<string, string> RoleNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["administrateur"] = Contracts.Roles.Administrator, ["auditeur"] = Contracts.Roles.Auditor, ["superviseur"] = Contracts.Roles.Supervisor,
        ["enquêteur"] = Contracts.Roles.Interviewer, ["enqueteur"] = Contracts.Roles.Interviewer, ["enquêtrice"] = Contracts.Roles.Interviewer,
        ["chargé d'études"] = Contracts.Roles.Researcher, ["chercheur"] = Contracts.Roles.Researcher, ["lecteur"] = Contracts.Roles.Reader,
        ["personnel"] = Contracts.Roles.Staff, ["salarié"] = Contracts.Roles.Staff, ["prestataire"] = Contracts.Roles.Contractor,
    };

    /// <summary>The column that a file's first line means, or null.</summary>
    public static string? Of(string typed) => Names.GetValueOrDefault(Plain(typed).Replace('_', ' '));

    /// <summary>The role that a cell means, or null.</summary>
    public static string? RoleOf(string typed) =>
        Contracts.Roles.All.FirstOrDefault(role => string.Equals(role, typed, StringComparison.OrdinalIgnoreCase)) ?? RoleNames.GetValueOrDefault(Plain(typed));

    // Composed, as people type it, whatever the file's system writes; and one apostrophe.
    private static string Plain(string typed) => typed.Trim().Normalize(System.Text.NormalizationForm.FormC).Replace('’', '\'');
}
