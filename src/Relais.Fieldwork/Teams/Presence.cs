namespace Relais.Fieldwork.Teams;

internal enum Doing : short
{
    /// <summary>The console is open, and no call is under way.</summary>
    Between = 0,

    /// <summary>A case is in hand.</summary>
    Call = 1,

    Pause = 2,
}

/// <summary>A stretch of time in which somebody's console was open and did the same: what time at work is counted from. Kept for Fieldwork:KeepPresence.</summary>
internal sealed class Presence
{
    public long Id { get; init; }

    public required Guid PersonId { get; init; }

    public required Doing Doing { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>Its last sign.</summary>
    public required DateTimeOffset Until { get; set; }
}
