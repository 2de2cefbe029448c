namespace Relais.Fieldwork.Studies;

/// <summary>What a series of waves has in common: its name and the versions of its questionnaire.</summary>
internal sealed class Study
{
    public const int NameLength = 120;

    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The number of the questionnaire that waves take from now on; 0: none yet.</summary>
    public int LatestQuestionnaire { get; set; }

    /// <summary>So many days after the end of a wave its numbers and sample columns are erased; null: they are kept.</summary>
    public int? EraseAfterDays { get; set; }
}

/// <summary>A questionnaire as it was imported. Never changed: another version follows, and interviews under way keep theirs.</summary>
internal sealed class Questionnaire
{
    public const int TitleLength = 200;

    public required Guid Id { get; init; }

    public required Guid StudyId { get; init; }

    /// <summary>From 1, within the study.</summary>
    public required int Number { get; init; }

    public required string Title { get; init; }

    public required string FileName { get; init; }

    /// <summary>The file as it came.</summary>
    public required byte[] File { get; init; }

    /// <summary>Of <see cref="File"/>, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What the file says, as the engine of forms reads it.</summary>
    public required string Canonical { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }

    public required string ImportedByName { get; init; }
}
