using System.Text.Json.Serialization;

namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>What kind of answer is wanted.</summary>
public enum QuestionType
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A number between two ends, in steps: parameters start, end, step.</summary>
    Range,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A day and a time.</summary>
    DateTime,

    /// <summary>One choice of a list.</summary>
    SelectOne,

    /// <summary>Any number of choices of a list, in the order of the list.</summary>
    SelectMultiple,

    /// <summary>All choices of a list, put in order.</summary>
    Rank,

    /// <summary>The word OK.</summary>
    Acknowledge,

    /// <summary>Nothing: it is only shown or read.</summary>
    Note,

    /// <summary>Nothing: its value is computed.</summary>
    Calculate,

    /// <summary>Nothing: it takes its default, and whatever an order or a time stamp records in it.</summary>
    Hidden,

    /// <summary>Nothing: the console fills it, see <see cref="FormQuestion.Metadata"/>.</summary>
    Metadata,

    /// <summary>The day before, by quarter hour: see <see cref="FormQuestion.ListeningDay"/>.</summary>
    ListeningDay,

    /// <summary>A kind that a telephone interview cannot ask (a picture, a place): kept in the record, never asked, always empty.</summary>
    NotAsked,
}

/// <summary>What the answer is stored and compared as.</summary>
public enum AnswerType
{
    /// <summary>A text; choices too.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A day, <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>A time, <c>HH:mm:ss.fff±hh:mm</c>.</summary>
    Time,

    /// <summary>A day and time in ISO 8601.</summary>
    DateTime,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>Anything else that an XForm may bind (a place, a file): never filled.</summary>
    Other,
}

/// <summary>Which fact about the interview fills an item.</summary>
public enum MetadataKind
{
    /// <summary>Not filled.</summary>
    None,

    /// <summary>When the interview was opened.</summary>
    Start,

    /// <summary>When it was last saved.</summary>
    End,

    /// <summary>The day it was opened.</summary>
    Today,

    /// <summary>The interviewer's sign-in name.</summary>
    Username,

    /// <summary>The console's own number.</summary>
    DeviceId,
}

/// <summary>Who reads what aloud.</summary>
public enum ReadAloud
{
    /// <summary>The question and its choices.</summary>
    All,

    /// <summary>The question only: the interviewer codes what is answered.</summary>
    Question,

    /// <summary>Nothing: the label speaks to the interviewer.</summary>
    Nothing,
}

/// <summary>A name with a value, such as a parameter.</summary>
public sealed record NamedValue(string Name, string Value);

/// <summary>A check that may be overridden: when it is not true the message is shown and the answer must be confirmed or changed.</summary>
/// <param name="Expression">True when nothing is suspicious; the context is the question.</param>
/// <param name="Message">What to say; null shows a general one.</param>
public sealed record SoftCheck(FormExpression Expression, FormText? Message);

/// <summary>A question, note, hidden, computed or metadata item: everything with a value.</summary>
public sealed record FormQuestion : FormItem
{
    /// <summary>What kind of answer. Always written: it is wanted when read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required QuestionType Type { get; init; }

    /// <summary>The type as written, such as <c>geopoint</c> or <c>select_one</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>What its value is stored and compared as.</summary>
    public AnswerType AnswerType { get; init; }

    /// <summary>Made by the importer and not written by the author: a count, a recorded order, a time stamp, "specify other".</summary>
    public bool Generated { get; init; }

    /// <summary>A smaller text under the label.</summary>
    public FormText? Hint { get; init; }

    /// <summary>A longer text, shown on demand.</summary>
    public FormText? Guidance { get; init; }

    /// <summary>For the interviewer's eyes only, never read aloud.</summary>
    public FormText? Instruction { get; init; }

    /// <summary>Who reads what aloud.</summary>
    public ReadAloud Read { get; init; }

    /// <summary>An answer is wanted while this is true; null is never.</summary>
    public FormExpression? Required { get; init; }

    /// <summary>What to say when it is missing.</summary>
    public FormText? RequiredMessage { get; init; }

    /// <summary>An answer that makes this false is refused; the context is the question. Not evaluated while the answer is empty.</summary>
    public FormExpression? Constraint { get; init; }

    /// <summary>What to say then.</summary>
    public FormText? ConstraintMessage { get; init; }

    /// <summary>Checks that may be overridden.</summary>
    public IReadOnlyList<SoftCheck> Checks { get; init; } = [];

    /// <summary>Its value whenever anything it reads changes; null when it is answered.</summary>
    public FormExpression? Calculation { get; init; }

    /// <summary>Its value at the start, as it stands; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Its value at the start (or when its repeat's instance is added), computed once; null when there is none.</summary>
    public FormExpression? DefaultExpression { get; init; }

    /// <summary>Shown and not changeable while this is true; null is never.</summary>
    public FormExpression? ReadOnly { get; init; }

    /// <summary>Where its choices come from; null when it has none.</summary>
    public ChoiceSource? Choices { get; init; }

    /// <summary>Words of the parameters column, in the order written, those of <see cref="Choices"/> and <see cref="ListeningDay"/> included.</summary>
    public IReadOnlyList<NamedValue> Parameters { get; init; } = [];

    /// <summary>Which fact fills it.</summary>
    public MetadataKind Metadata { get; init; }

    /// <summary>The quota variable whose level is its answer; null when it is none.</summary>
    public string? Quota { get; init; }

    /// <summary>The outcome that the interview ends with when this item is reached (a note) or answered; null goes on.</summary>
    public string? Disposition { get; init; }

    /// <summary>How the day before is asked; null for every other type.</summary>
    public ListeningDay? ListeningDay { get; init; }
}
