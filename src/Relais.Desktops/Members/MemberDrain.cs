namespace Relais.Desktops.Members;

/// <summary>A machine that is to be emptied: nothing new is placed there, and what is there moves off. The row stays until somebody takes it back.</summary>
internal sealed class MemberDrain
{
    /// <summary>The machine's name in the engine.</summary>
    public required string Member { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    /// <summary>Who asked, as the audit trail names them.</summary>
    public required string ActorName { get; init; }

    /// <summary>Whether desktops in use move too, with their sessions cut.</summary>
    public bool Now { get; set; }

    /// <summary>Desktops that it was rid of since.</summary>
    public int Moved { get; set; }
}

/// <summary>
/// A desktop on its way to another machine. The row is there from the decision until nothing of it is left where it was; what is done of the way, the
/// engine says.
/// </summary>
internal sealed class DesktopMove
{
    public Guid DesktopId { get; init; }

    /// <summary>Tells the home that was copied for this move from one that an earlier move left behind.</summary>
    public Guid Id { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    /// <summary>When it was left where it is, because it failed again and again; null while it is on its way.</summary>
    public DateTimeOffset? GivenUpAt { get; set; }

    /// <summary>The engine's own words for that, for administrators.</summary>
    public string? Detail { get; set; }
}
