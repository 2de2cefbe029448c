namespace Relais.Kernel.Audit;

/// <summary>
/// One line of the audit trail. The database numbers and chains it as it is inserted; it can't be changed afterwards.
/// </summary>
public sealed class AuditLine
{
    /// <summary>Position in the chain, from 1, without gaps.</summary>
    public long Seq { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Who did it: "person:ID", "system-key:ID", "system" or "anonymous".</summary>
    public required string Actor { get; init; }

    public required string ActorName { get; init; }

    /// <summary>Address the request came from, or null for the system's own acts.</summary>
    public string? Address { get; init; }

    /// <summary>What was done: "person.disabled", "desktop.opened".</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to: "person:ID", "desktop:ID", or empty.</summary>
    public required string Subject { get; init; }

    public required string SubjectName { get; init; }

    /// <summary>A JSON object with what else is worth knowing. Never a secret or a phone number.</summary>
    public required string Detail { get; init; }

    /// <summary>SHA-256 of the line before, or 32 zero bytes for the first.</summary>
    public byte[] PreviousHash { get; init; } = [];

    public byte[] Hash { get; init; } = [];
}
