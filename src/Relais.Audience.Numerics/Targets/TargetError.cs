namespace Relais.Audience.Numerics.Targets;

/// <summary>What can be wrong with a target's expression.</summary>
public enum TargetErrorKind
{
    /// <summary>Something else was expected here; the subject says what.</summary>
    Expected,

    /// <summary>A text that is not closed by its quote.</summary>
    UnclosedText,

    /// <summary>A character that no expression contains.</summary>
    StrayCharacter,

    /// <summary>A variable that the respondents do not have.</summary>
    UnknownVariable,

    /// <summary>An answer that no respondent gave, most often a slip of the pen.</summary>
    UnknownLevel,

    /// <summary>A number beside a variable of texts.</summary>
    TextWanted,

    /// <summary>A text beside a variable of numbers.</summary>
    NumberWanted,

    /// <summary>Texts compared by size, or a range of texts.</summary>
    TextHasNoOrder,

    /// <summary>A range whose end is below its beginning.</summary>
    RangeBackwards,

    /// <summary>Parentheses or <c>not</c> nested deeper than anyone can read.</summary>
    TooDeep,
}

/// <summary>Why an expression was refused, and where.</summary>
/// <param name="Kind">For pages that say it in the reader's language.</param>
/// <param name="Position">The place in the text, the first character being 1.</param>
/// <param name="Subject">The word concerned.</param>
/// <param name="Message">All of it in English, with what to do.</param>
public sealed record TargetError(TargetErrorKind Kind, int Position, string Subject, string Message)
{
    public override string ToString() => $"at character {Position}: {Message}";
}
