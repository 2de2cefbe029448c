namespace Relais.Kernel.Events;

/// <summary>One event that waits for one consumer: a row of <c>kernel.outbox</c>, which goes when it was handled.</summary>
public sealed class OutboxEntry
{
    public long Seq { get; set; }

    public Guid EventId { get; set; }

    public required string Consumer { get; set; }

    public required string Key { get; set; }

    public required string Kind { get; set; }

    public required string Body { get; set; }

    public DateTimeOffset ToldAt { get; set; }

    /// <summary>Not before then.</summary>
    public DateTimeOffset DueAt { get; set; }

    public int Failures { get; set; }

    /// <summary>What the last failure said.</summary>
    public string? Error { get; set; }

    /// <summary>It failed too often: it holds back its key no longer, and waits for an operator.</summary>
    public DateTimeOffset? SetAsideAt { get; set; }
}
