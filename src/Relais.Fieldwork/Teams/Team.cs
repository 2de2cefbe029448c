namespace Relais.Fieldwork.Teams;

internal sealed class Team
{
    public const int NameLength = 120;

    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The studies whose cases its interviewers are given.</summary>
    public Guid[] Studies { get; set; } = [];

    /// <summary>Whether its interviewers are given new cases during their shifts only.</summary>
    public bool ShiftsOnly { get; set; }
}

/// <summary>A person who interviews. The person itself, its name and its right to sign in belong to Access.</summary>
internal sealed class Interviewer
{
    public required Guid PersonId { get; init; }

    public Guid? TeamId { get; set; }

    /// <summary>Languages of the sample in which they can interview, such as "fr".</summary>
    public required string[] Languages { get; set; }

    /// <summary>What some cases ask for, such as "refusal-conversion".</summary>
    public string[] Skills { get; set; } = [];

    /// <summary>Whether they are given cases.</summary>
    public bool Active { get; set; } = true;
}

/// <summary>When somebody is expected at work.</summary>
internal sealed class Shift
{
    public required Guid Id { get; init; }

    public required Guid PersonId { get; init; }

    public required DateTimeOffset From { get; set; }

    public required DateTimeOffset Until { get; set; }
}
