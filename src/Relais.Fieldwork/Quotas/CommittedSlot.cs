namespace Relais.Fieldwork.Quotas;

/// <summary>The slot that a completed interview has in a cell: given back when the interview is rejected.</summary>
internal sealed class CommittedSlot
{
    public required long CaseId { get; init; }

    public required int CellId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>How many completed interviews a day is to bring to a cell.</summary>
internal sealed class CellDay
{
    public required int CellId { get; init; }

    public required DateOnly Day { get; init; }

    public required int Target { get; set; }
}
