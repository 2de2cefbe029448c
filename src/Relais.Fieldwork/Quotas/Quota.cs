namespace Relais.Fieldwork.Quotas;

/// <summary>One variable, or several interlocked, of which each combination of values has a target.</summary>
internal sealed class Quota
{
    public const int NameLength = 120;

    public required Guid Id { get; init; }

    public required int WaveId { get; init; }

    public required string Name { get; set; }

    /// <summary>Whether a full cell refuses respondents; otherwise it is only counted.</summary>
    public required bool Hard { get; init; }
}

/// <summary>One combination of values and how many completed interviews it is to have.</summary>
internal sealed class QuotaCell
{
    public int Id { get; init; }

    public required Guid QuotaId { get; init; }

    public required int WaveId { get; init; }

    public required bool Hard { get; init; }

    /// <summary>A JSON object of texts, by variable: who falls into the cell.</summary>
    public required string Conditions { get; init; }

    public required int Target { get; set; }

    /// <summary>Interviews under way that were given a slot.</summary>
    public int Reserved { get; set; }

    public int Completed { get; set; }

    /// <summary>Closed by a person.</summary>
    public bool Closed { get; set; }

    /// <summary>Takes nobody now: closed, or hard and full. Computed by the database.</summary>
    public bool Shut { get; private set; }
}

/// <summary>The slot of a cell that a case has reserved; gone when it is committed or released.</summary>
internal sealed class Reservation
{
    public required long CaseId { get; init; }

    public required int CellId { get; init; }

    public required DateTimeOffset At { get; init; }
}
