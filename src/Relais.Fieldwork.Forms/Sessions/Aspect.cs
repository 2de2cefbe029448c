using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>What of an item is kept up to date when answers change. All else (required, constraints, texts) is looked at when it is shown.</summary>
internal enum AspectKind
{
    Relevance,
    Count,
    Order,
    Calculation,
}

/// <summary>One thing to keep up to date. Aspects are numbered so that each comes after those it depends on.</summary>
internal sealed class Aspect(ProgramItem item, AspectKind kind, Expression? expression)
{
    public ProgramItem Item { get; } = item;

    public AspectKind Kind { get; } = kind;

    public Expression? Expression { get; } = expression;

    /// <summary>Place in the order of evaluation.</summary>
    public int Rank { get; set; }

    public ExpressionReferences? References { get; } = expression?.References(item.Path);

    /// <summary>
    /// A count that depends on what is answered inside the repeat ("another one?"). It is looked at when the interview gets there, as in
    /// JavaRosa, and adds one time round at most.
    /// </summary>
    public bool IsLazy { get; set; }

    public string Name => Kind switch
    {
        AspectKind.Relevance => $"{Item.Path} (relevant)",
        AspectKind.Count => $"{Item.Path} (repeat_count)",
        AspectKind.Order => $"{Item.Path} (order)",
        AspectKind.Calculation => $"{Item.Path} (calculation)",
    };
}
