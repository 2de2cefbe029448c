namespace Relais.Fieldwork.Privacy;

/// <summary>A respondent's data that is to be erased, or was: what was done and when, without saying whose.</summary>
internal sealed class Erasure
{
    public required Guid Id { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required string AskedByName { get; init; }

    /// <summary>The respondent objects to processing: what they answered goes too.</summary>
    public required bool AnswersToo { get; init; }

    /// <summary>The cases that are still to be done: each goes from here with the transaction that erases it.</summary>
    public required long[] Left { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    public int Cases { get; set; }

    public required int Numbers { get; set; }

    public int Comments { get; set; }

    public int Interviews { get; set; }
}
