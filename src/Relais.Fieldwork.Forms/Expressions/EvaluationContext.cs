using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Expressions;

/// <summary>What an expression may look at besides its own node. One form in one interview has one.</summary>
public sealed class EvaluationContext
{
    /// <summary>The root of the main instance; null when there is none, and then absolute paths are empty.</summary>
    public FormNode? Main { get; set; }

    /// <summary>The root of a secondary instance by its id: what stands before <c>/root/item</c>. Null when there is no such instance.</summary>
    public Func<string, FormNode?> Instance { get; set; } = static _ => null;

    /// <summary>What today() and now() say, and the zone that times without offset are in.</summary>
    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Where random(), uuid() and randomize() without a seed of its own begin. The same seed gives the same draws for the same node.</summary>
    public long Seed { get; set; }

    /// <summary>Language of names of days and months: one that begins with "en" is English, all else French.</summary>
    public string Language { get; set; } = "fr";

    /// <summary>The label of a choice for <c>jr:choice-name(value, path)</c>: given the node asked from, the path as written, and the value.</summary>
    public Func<FormNode?, string, string, string?> ChoiceName { get; set; } = static (_, _, _) => null;

    /// <summary>A translated text by its id for <c>jr:itext(id)</c>.</summary>
    public Func<string, string?> Translation { get; set; } = static _ => null;

    /// <summary>A property of the interview for <c>property(name)</c>.</summary>
    public Func<string, string?> Property { get; set; } = static _ => null;

    /// <summary>The version of the form for <c>version()</c>.</summary>
    public string Version { get; set; } = "";
}

/// <summary>Where an expression stands while it is evaluated: the node, its place among its fellows in a predicate, and whose question it is.</summary>
internal readonly struct Scope(EvaluationContext context, FormNode? node, FormNode? current, int position, int size, Draws draws)
{
    public EvaluationContext Context { get; } = context;

    public FormNode? Node { get; } = node;

    /// <summary>The node that the whole expression belongs to: current().</summary>
    public FormNode? Current { get; } = current;

    /// <summary>From 1 within a predicate; 0 outside one.</summary>
    public int Position { get; } = position;

    public int Size { get; } = size;

    public Draws Draws { get; } = draws;

    public Scope At(FormNode at, int position, int size) => new(Context, at, Current, position, size, Draws);
}
