namespace Relais.Telephony.Pacing.Simulation;

/// <summary>What people say of a study before it is simulated, by name and within bounds that an answer takes no hours for.</summary>
internal static class StudyFields
{
    private static readonly Dictionary<string, Field> Known = new(StringComparer.Ordinal)
    {
        ["interviewers"] = new(1, 300, (study, number) => study with { Interviewers = (int)number }),
        ["answer"] = new(1, 100, (study, number) => study with { AnswerRate = number / 100 }),
        ["swing"] = new(-100, 100, (study, number) => study with { Swing = number / 100 }),
        ["interview"] = new(10, 7200, (study, number) => study with { Talks = PacedStudy.TalksOf(number) }),
        ["note"] = new(1, 600, (study, number) => study with { Note = study.Note with { Mean = number } }),
        ["read"] = new(1, 600, (study, number) => study with { Read = study.Read with { Mean = number } }),
        ["ring"] = new(15, 60, (study, number) => study with { RingFor = number }),
        ["limit"] = new(0, 20, (study, number) => study with { Limit = number / 100 }),
        ["hours"] = new(0.5, 12, (study, number) => study with { ShiftHours = number }),
        ["days"] = new(1, 31, (study, number) => study with { Days = (int)number }),
    };

    private sealed record Field(double Least, double Most, Func<PacedStudy, double, PacedStudy> Take);

    /// <summary>The least and the most that a name takes.</summary>
    public static (double Least, double Most) BoundsOf(string name) => (Known[name].Least, Known[name].Most);

    /// <summary>The study with one thing changed; null for a name that is not known or a number out of its bounds.</summary>
    public static PacedStudy? With(PacedStudy study, string name, double number) =>
        Known.TryGetValue(name, out var field) && number >= field.Least && number <= field.Most ? field.Take(study, number) : null;
}
