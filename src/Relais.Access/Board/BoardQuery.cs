namespace Relais.Access.Board;

/// <summary>What the board shows; every part of it is in the page's address.</summary>
/// <param name="State">One of <see cref="States"/>, or null for everybody.</param>
internal sealed record BoardQuery(string? Search, Guid? Group, string? Site, string? State, int Page)
{
    public const int PageLength = 50;
    public const string Invited = "invited";
    public const string SignedIn = "signed-in";
    public const string SecondFactor = "second-factor";
    public const string Desktop = "desktop";
    public const string Working = "working";
    public const string Blocked = "blocked";
    public const string NotInvited = "not-invited";
    public const string NotSignedIn = "not-signed-in";
    public const string NoSecondFactor = "no-second-factor";
    public const string NoDesktop = "no-desktop";

    public static readonly IReadOnlyList<string> States =
        [NotInvited, Invited, NotSignedIn, SignedIn, NoSecondFactor, SecondFactor, NoDesktop, Desktop, Working, Blocked];

    public bool IsFiltered => Search is not null || Group is not null || Site is not null || State is not null;

    /// <summary>From what an address or a form says; what is nothing of ours is left out.</summary>
    public static BoardQuery Of(string? search, string? group, string? site, string? state, int? page) => new(
        Filled(search), Guid.TryParse(group, out var id) ? id : null, Filled(site), States.Contains(state ?? "", StringComparer.Ordinal) ? state : null, Math.Max(page ?? 1, 1));

    /// <summary>The address of <paramref name="path"/> with this query.</summary>
    public string At(string path) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(path, new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["q"] = Search, ["group"] = Group?.ToString(), ["site"] = Site, ["state"] = State, ["page"] = Page > 1 ? Page.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
    }.Where(pair => pair.Value is not null));

    public bool Keeps(Arrival arrival) =>
        (Group is not { } group || arrival.Groups.Contains(group))
        && (Site is null || string.Equals(arrival.Site ?? "", Site, StringComparison.Ordinal))
        && (Search is null || Contains(arrival.Name) || Contains(arrival.UserName) || Contains(arrival.Mail))
        && State switch
        {
            Invited => arrival.Invited,
            SignedIn => arrival.SignedIn,
            SecondFactor => arrival.SecondFactor,
            Desktop => arrival.Desktop,
            Working => arrival.Working,
            Blocked => arrival.Blocked is not null,
            NotInvited => !arrival.Invited,
            NotSignedIn => !arrival.SignedIn,
            NoSecondFactor => !arrival.SecondFactor,
            NoDesktop => !arrival.Desktop,
            _ => true,
        };

    private bool Contains(string? text) => text?.Contains(Search ?? "", StringComparison.CurrentCultureIgnoreCase) == true;

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
