using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Sessions;

public enum ScreenKind
{
    /// <summary>One question, or several on one screen.</summary>
    Questions,

    /// <summary>Whether to go round a repeat once more.</summary>
    AnotherPass,

    /// <summary>Nothing is left to ask.</summary>
    End,
}

/// <summary>One choice as it is offered.</summary>
/// <param name="Definition">Null when it comes from a table or from the interview itself.</param>
public sealed record ScreenChoice(string Name, string Label, bool DoNotRead, bool Selected, Choice? Definition);

/// <summary>A question as it is shown: texts in the language of the interview, with the values piped in.</summary>
/// <param name="Path">With positions: what an answer names.</param>
public sealed record ScreenQuestion(string Path, FormQuestion Definition, string Value)
{
    public string Label { get; init; } = "";

    public string Hint { get; init; } = "";

    public string Guidance { get; init; } = "";

    public string Instruction { get; init; } = "";

    public bool IsRequired { get; init; }

    public bool IsReadOnly { get; init; }

    public string Comment { get; init; } = "";

    /// <summary>In the order of this interview, after the filter.</summary>
    public IReadOnlyList<ScreenChoice> Choices { get; init; } = [];
}

/// <summary>What the interviewer sees at once.</summary>
/// <param name="Key">Names the screen within the interview: the path of its question, group or repeat.</param>
/// <param name="Headings">Labels of the groups around it, outermost first.</param>
/// <param name="Passes">Of a repeat's prompt, how many times it was gone round; otherwise 0.</param>
/// <param name="Disposition">Of the end, the outcome that a question or choice gives; null when the interview is complete.</param>
public sealed record FormScreen(string Key, ScreenKind Kind, IReadOnlyList<string> Headings, IReadOnlyList<ScreenQuestion> Questions, int Passes, string? Disposition);
