using System.Text.Json.Serialization;

namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>Anything that stands in the questionnaire: a group, a repeat, or a question (asked, shown, hidden or computed).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FormGroup), "group")]
[JsonDerivedType(typeof(FormRepeat), "repeat")]
[JsonDerivedType(typeof(FormQuestion), "question")]
public abstract record FormItem
{
    /// <summary>Its name: the last step of its path. Empty for a group of an XForm that has no node of its own.</summary>
    public required string Name { get; init; }

    /// <summary>The absolute path of its node, such as <c>/radio/day/station</c>; null for a group that has no node. One item a path.</summary>
    public string? Path { get; init; }

    /// <summary>Where it was written.</summary>
    public required Origin Origin { get; init; }

    /// <summary>What is shown; null when nothing is.</summary>
    public FormText? Label { get; init; }

    /// <summary>Asked (with all it contains) only while this is true; null is always.</summary>
    public FormExpression? Relevant { get; init; }

    /// <summary>Words of the appearance column, as written; empty when there are none.</summary>
    public string Appearance { get; init; } = "";

    /// <summary>Where its first showing and its answer's time are recorded: path of a hidden item; null when they are not.</summary>
    public string? TimestampPath { get; init; }

    /// <summary>Keeps its place when the group around it is put in another order.</summary>
    public Anchor Anchor { get; init; }
}

/// <summary>Which place an item or a choice keeps while its siblings change theirs.</summary>
public enum Anchor
{
    /// <summary>None: it moves with the others.</summary>
    None,

    /// <summary>Stays before all that move.</summary>
    First,

    /// <summary>Stays after all that move.</summary>
    Last,
}

/// <summary>Items asked one after another, or on one screen.</summary>
public sealed record FormGroup : FormItem
{
    /// <summary>In the order in which they are asked, unless <see cref="Order"/> says otherwise.</summary>
    public IReadOnlyList<FormItem> Items { get; init; } = [];

    /// <summary>All its questions stand on one screen (<c>field-list</c> or <c>table-list</c>).</summary>
    public bool FieldList { get; init; }

    /// <summary>Its direct items change places from interview to interview; null when they do not.</summary>
    public ItemOrder? Order { get; init; }
}

/// <summary>Items asked again and again, each time into a new instance of its node.</summary>
public sealed record FormRepeat : FormItem
{
    /// <summary>What is asked in each pass.</summary>
    public IReadOnlyList<FormItem> Items { get; init; } = [];

    /// <summary>How many passes; null when the interviewer adds them one by one.</summary>
    public FormExpression? Count { get; init; }

    /// <summary>The questions of one pass stand on one screen.</summary>
    public bool FieldList { get; init; }

    /// <summary>How many instances stand in a new interview when there is no count: those that an XForm's model holds.</summary>
    public int Initial { get; init; }
}

/// <summary>How siblings change places.</summary>
public enum OrderKind
{
    /// <summary>Any order, all equally likely.</summary>
    Random,

    /// <summary>Their own order, begun at another of them.</summary>
    Rotate,
}

/// <summary>An order that changes from interview to interview and is written down.</summary>
/// <param name="Kind">How.</param>
/// <param name="Seed">The same seed gives the same order; null draws one and keeps it with the interview.</param>
/// <param name="RecordedIn">Path of the hidden item that takes the names in the order used, separated by spaces.</param>
public sealed record ItemOrder(OrderKind Kind, FormExpression? Seed, string RecordedIn);
