namespace Relais.Audience.Interviews;

/// <summary>A completed interview as Fieldwork told it. Waves take a copy of it as their input, so it may go when its time is over.</summary>
internal sealed class FieldInterview
{
    /// <summary>Of the interview in Fieldwork: the same event a second time changes nothing.</summary>
    public required Guid Id { get; init; }

    /// <summary>The round of interviews in Fieldwork.</summary>
    public required int FieldWave { get; init; }

    public required string FieldWaveName { get; init; }

    public required string FieldStudyName { get; init; }

    /// <summary>The day on which it was made.</summary>
    public required DateOnly Day { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>What the sample said and what was answered, by variable, as JSON.</summary>
    public required string Variables { get; init; }

    /// <summary>Stations and minutes of the day, as JSON.</summary>
    public required string Heard { get; init; }

    /// <summary>When its review rejected it: no wave takes it from then on. Null: it counts.</summary>
    public DateTimeOffset? RejectedAt { get; set; }
}
