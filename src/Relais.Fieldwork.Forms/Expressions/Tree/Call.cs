using Relais.Fieldwork.Forms.Expressions.Functions;

namespace Relais.Fieldwork.Forms.Expressions.Tree;

/// <summary>A call of a function of the table.</summary>
internal sealed class Call(int position, string name, Function function, IReadOnlyList<Node> arguments) : Node(position)
{
    public string Name { get; } = name;

    public IReadOnlyList<Node> Arguments { get; } = arguments;

    /// <summary>What a function keeps between calls: a compiled pattern.</summary>
    public object? Kept { get; set; }

    public override Value Evaluate(in Scope scope)
    {
        if (function.Lazy is { } lazy)
            return lazy(this, scope);
        var values = new Value[Arguments.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Arguments[i].Evaluate(scope);
            if (values[i].IsError)
                return values[i];
        }

        return function.Eager!(this, values, scope);
    }

    public override void Collect(ReferenceCollector collector, IReadOnlyList<string>? at)
    {
        collector.IsVolatile |= function.IsVolatile;
        collector.ReadsTexts |= function.ReadsTexts;
        foreach (var argument in Arguments)
            argument.Collect(collector, at);
        switch (Name)
        {
            case "instance" or "pulldata" when Arguments is [Literal id, ..]:
                collector.AddInstance(id.Value.ToText());
                break;
            case "jr:choice-name" when Arguments is [_, Literal path] && Parser.Parse(path.Value.ToText().Trim(), out _) is PathNode target && target.Target(collector, at) is { } steps:
                collector.AddChoiceName(steps);
                break;
        }
    }

    public Value Error(ExpressionErrorKind kind, string message) => Fail(kind, $"{Name}(): {message}");
}
