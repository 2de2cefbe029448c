namespace Relais.Fieldwork.Board;

/// <summary>A few words from a supervisor to one interviewer or to all.</summary>
internal sealed class Notice
{
    public const int TextLength = 500;

    public long Id { get; init; }

    /// <summary>Null: to everybody.</summary>
    public Guid? PersonId { get; init; }

    public required string Text { get; init; }

    public required string ByName { get; init; }

    public required DateTimeOffset At { get; init; }
}
