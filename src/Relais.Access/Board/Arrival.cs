namespace Relais.Access.Board;

/// <summary>How far somebody is on their way to work: enrolled, invited, signed in, with a second factor, with a desktop, working.</summary>
/// <param name="Invited">They have had an invitation, or have a password.</param>
/// <param name="SignedIn">They have signed in, once at least.</param>
/// <param name="SecondFactor">They have one.</param>
/// <param name="Desktop">Their desktop was made.</param>
/// <param name="Working">A desktop, an office machine or an internal app is on their screen, or they are at the telephone.</param>
/// <param name="Blocked">Why they cannot go on by themselves, as a code; null when nothing stops them.</param>
/// <param name="BlockedDetail">What the mail server or the desktop's engine says.</param>
/// <param name="Queued">Their invitation waits for the mail server.</param>
/// <param name="NeedsInvitation">They may sign in and have no password.</param>
internal sealed record Arrival(
    Guid Id, string UserName, string Name, string? Mail, string? Site, IReadOnlyList<Guid> Groups, bool Invited, bool SignedIn, bool SecondFactor, bool Desktop,
    bool Working, string? Blocked, string? BlockedDetail, bool Queued, bool NeedsInvitation)
{
    /// <summary>Where they are: the last step that they have done.</summary>
    public string Step => Working ? BoardQuery.Working
        : SignedIn && Desktop ? BoardQuery.Desktop
        : SignedIn && SecondFactor ? BoardQuery.SecondFactor
        : SignedIn ? BoardQuery.SignedIn
        : Invited ? BoardQuery.Invited
        : BoardQuery.NotInvited;
}

/// <summary>How many of some people have come how far.</summary>
/// <param name="Key">The value of the filter that shows them; null for everybody.</param>
internal sealed record Tally(string? Key, string Name, int People, int Invited, int SignedIn, int SecondFactor, int Desktop, int Working, int Blocked)
{
    public static Tally Of(string? key, string name, IReadOnlyCollection<Arrival> people) => new(
        key, name, people.Count, people.Count(p => p.Invited), people.Count(p => p.SignedIn), people.Count(p => p.SecondFactor), people.Count(p => p.Desktop),
        people.Count(p => p.Working), people.Count(p => p.Blocked is not null));

    /// <summary>The columns, in the order of the way.</summary>
    public IEnumerable<(string State, int Count)> Counts =>
    [
        (BoardQuery.Invited, Invited), (BoardQuery.SignedIn, SignedIn), (BoardQuery.SecondFactor, SecondFactor), (BoardQuery.Desktop, Desktop),
        (BoardQuery.Working, Working), (BoardQuery.Blocked, Blocked),
    ];
}

/// <summary>The board at one moment.</summary>
/// <param name="Found">Everybody whom the query keeps, by name.</param>
internal sealed record BoardPicture(
    BoardQuery Query, DateTimeOffset At, Tally All, IReadOnlyList<Tally> Sites, IReadOnlyList<Tally> Groups, IReadOnlyList<Arrival> Found,
    IReadOnlyDictionary<Guid, string> GroupNames, int Queued, string? MailTrouble)
{
    public IEnumerable<Arrival> Shown => Found.Skip((Relais.Portal.Kit.Pager.Within(Query.Page, BoardQuery.PageLength, Found.Count) - 1) * BoardQuery.PageLength).Take(BoardQuery.PageLength);

    public int ToMail => Found.Count(p => p.NeedsInvitation && p.Mail is not null);

    public int ToPrint => Found.Count(p => p.NeedsInvitation);
}
