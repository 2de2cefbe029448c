using Relais.Access.Contracts;

namespace Relais.Access.Setup;

internal sealed record SamplePerson(string UserName, string DisplayName, string Group, string Language, string Keyboard, params string[] Roles);

/// <summary>The people of `relais demo`: invented, and named after what they do.</summary>
internal static class SampleInstitute
{
    private const string Fr = KeyboardLayouts.FrenchAzerty;

    public static readonly IReadOnlyList<string> Groups =
        ["Siège", "Études", "Informatique", "Centre d’appels de Lille", "Centre d’appels de Rennes", "Centre d’appels de Toulouse"];

    public static readonly IReadOnlyList<SamplePerson> People =
    [
        new("informatique1", "Inès Informatique", "Informatique", "fr", Fr, Roles.Administrator, Roles.Staff),
        new("informatique2", "Igor Informatique", "Informatique", "en", KeyboardLayouts.AmericanQwerty, Roles.Staff),
        new("superviseur1", "Sabine Superviseur", "Centre d’appels de Lille", "fr", Fr, Roles.Supervisor),
        new("superviseur2", "Simon Superviseur", "Centre d’appels de Rennes", "fr", Fr, Roles.Supervisor),
        new("superviseur3", "Solène Superviseur", "Centre d’appels de Toulouse", "fr", Fr, Roles.Supervisor),
        new("enqueteur1", "Emma Enquêteur", "Centre d’appels de Lille", "fr", Fr, Roles.Interviewer),
        new("enqueteur2", "Éric Enquêteur", "Centre d’appels de Lille", "fr", KeyboardLayouts.BelgianAzerty, Roles.Interviewer),
        new("enqueteur3", "Élise Enquêteur", "Centre d’appels de Rennes", "fr", Fr, Roles.Interviewer),
        new("enqueteur4", "Étienne Enquêteur", "Centre d’appels de Rennes", "fr", Fr, Roles.Interviewer),
        new("enqueteur5", "Eva Enquêteur", "Centre d’appels de Toulouse", "en", KeyboardLayouts.BritishQwerty, Roles.Interviewer),
        new("chercheur1", "Chloé Chercheur", "Études", "fr", Fr, Roles.Researcher),
        new("chercheur2", "Cyril Chercheur", "Études", "en", KeyboardLayouts.SwissFrench, Roles.Researcher),
        new("lecteur1", "Léa Lecteur", "Siège", "fr", Fr, Roles.Reader),
        new("employe1", "Émile Employé", "Siège", "fr", Fr, Roles.Staff),
        new("employe2", "Eugénie Employé", "Siège", "fr", Fr, Roles.Staff),
        new("prestataire1", "Paul Prestataire", "Informatique", "fr", Fr, Roles.Contractor),
    ];

    /// <summary>The same institute with so many interviewers: those beyond the named ones are numbered.</summary>
    public static IReadOnlyList<SamplePerson> With(int interviewers) =>
        [.. People, .. Enumerable.Range(1, interviewers).Select(n => new SamplePerson($"enqueteur{n}", $"Enquêteur {n}", "Centre d’appels de Lille", "fr", Fr, Roles.Interviewer))
            .Where(more => !People.Any(p => p.UserName == more.UserName))];
}
