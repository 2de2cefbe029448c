namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>Why an answer, or a whole record, is not accepted.</summary>
public enum ProblemKind
{
    /// <summary>An answer is required.</summary>
    Missing,

    /// <summary>It is no number, date or time, or outside the range.</summary>
    Unreadable,

    /// <summary>It is none of the choices offered.</summary>
    NotAChoice,

    /// <summary>The constraint of the question refuses it.</summary>
    Constraint,

    /// <summary>A soft check doubts it: change it or confirm it.</summary>
    Doubtful,

    /// <summary>There is no such question, or it is not asked in this interview.</summary>
    NotAsked,

    /// <summary>It is shown and not changeable.</summary>
    ReadOnly,

    /// <summary>A time round a repeat cannot be added or removed here.</summary>
    Repeat,

    /// <summary>The value differs from what the questionnaire computes (records only).</summary>
    NotComputed,

    /// <summary>It is longer than can be stored.</summary>
    TooLong,
}

/// <param name="Path">The question, with positions.</param>
/// <param name="Text">What to tell the interviewer, in the language of the interview.</param>
public sealed record FormProblem(string Path, ProblemKind Kind, string Text)
{
    /// <summary>It may be confirmed.</summary>
    public bool CanBeConfirmed => Kind == ProblemKind.Doubtful;
}

/// <summary>What became of something that the interviewer did.</summary>
/// <param name="Problems">Why it was refused; empty when it was done.</param>
public sealed record FormResult(IReadOnlyList<FormProblem> Problems)
{
    public static FormResult Done { get; } = new([]);

    public bool Accepted => Problems.Count == 0;

    internal static FormResult Refused(FormProblem problem) => new([problem]);
}
