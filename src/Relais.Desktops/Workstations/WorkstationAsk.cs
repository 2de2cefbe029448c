namespace Relais.Desktops.Workstations;

/// <summary>A person asks to open a workstation for a time.</summary>
internal sealed class WorkstationAsk
{
    public const int ReasonLength = 300;
    public const int MostHours = 72;

    public Guid Id { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>The name as it was typed: whether there is such a workstation is not told to who asks.</summary>
    public required string Wanted { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>The workstation that was granted.</summary>
    public Guid? WorkstationId { get; set; }

    /// <summary>When the grant ends; null when there is none.</summary>
    public DateTimeOffset? Until { get; set; }

    public string Outcome(DateTimeOffset now) => this switch
    {
        { DecidedAt: null } => "Waiting",
        { Until: null } => "Refused",
        { Until: { } until } => until > now ? "Until" : "Over",
    };
}
