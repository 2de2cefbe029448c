namespace Relais.Gateway.Watching;

/// <summary>Somebody asks to see another person's session, without touching it.</summary>
internal sealed class Watch
{
    public Guid Id { get; init; }

    public Guid SessionId { get; init; }

    /// <summary>Whose session it is: the only one who may answer.</summary>
    public Guid PersonId { get; init; }

    public Guid AskedBy { get; init; }

    /// <summary>The sign-in with which they asked: when it ends, so does this.</summary>
    public Guid SignInId { get; init; }

    public required string AskedByName { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public WatchState State { get; set; }
}

/// <summary>What became of a wish to watch.</summary>
public enum WatchState
{
    Asked,
    Accepted,
    Refused,
    Over,
}
