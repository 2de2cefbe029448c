using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Expressions.Functions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>Orders that differ from interview to interview, the same for the same seed.</summary>
internal static class Ordering
{
    /// <summary>The names of the items of a group, or of the choices of a question, in the order of this interview.</summary>
    /// <param name="record">The hidden item that the order is written to.</param>
    public static string Names(FormProgram program, EvaluationContext context, Live record, ProgramItem ordered)
    {
        var order = ordered.Order!;
        var seed = ordered.OrderSeed is { } expression
            ? ChanceFunctions.Seed(expression.Evaluate(context, record.Node).ToNumber())
            : SeedOf(context, record.Node.Path());
        IReadOnlyList<(string Name, Anchor Anchor)> names = ordered.Item is FormGroup
            ? [.. ordered.Children.Where(child => child.Item.Name.Length > 0).Select(child => (child.Item.Name, child.Item.Anchor))]
            : [.. ListOf(program, ordered).Select(choice => (choice.Name, choice.Anchor))];
        return string.Join(' ', Apply(names, order.Kind, seed));
    }

    /// <summary>A seed that is this interview's and this path's own; from 1 to 2^31.</summary>
    public static long SeedOf(EvaluationContext context, string path) => (long)(Draws.Hash(unchecked((ulong)context.Seed), path) >> 33) + 1;

    /// <summary>Those that move change places; anchored ones stay first or last, in their own order.</summary>
    public static IReadOnlyList<string> Apply(IReadOnlyList<(string Name, Anchor Anchor)> names, OrderKind kind, long seed)
    {
        List<string> Kept(Anchor anchor) => [.. names.Where(name => name.Anchor == anchor).Select(name => name.Name)];
        IReadOnlyList<string> moving = Kept(Anchor.None);
        if (kind == OrderKind.Random)
        {
            moving = ParkMiller.Shuffle(moving, seed);
        }
        else if (moving.Count > 0)
        {
            var first = (int)(new ParkMiller(seed).Next() * moving.Count);
            moving = [.. moving.Skip(first), .. moving.Take(first)];
        }

        return [.. Kept(Anchor.First), .. moving, .. Kept(Anchor.Last)];
    }

    private static IReadOnlyList<Choice> ListOf(FormProgram program, ProgramItem question) =>
        program.Form.Lists.FirstOrDefault(list => list.Name == question.Question?.Choices?.List)?.Choices ?? [];
}
