using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Checks;

/// <summary>What an expression of a form is for.</summary>
public enum ExpressionUse
{
    /// <summary>A condition, check, count, seed or default: evaluated with the item as context.</summary>
    Rule,

    /// <summary>Decides whether the item is asked.</summary>
    Relevance,

    /// <summary>Computes the item's value.</summary>
    Calculation,

    /// <summary>Evaluated with an item of a list as context.</summary>
    Filter,

    /// <summary>A piece of a text.</summary>
    Text,
}

/// <summary>An expression of a form, with the item that it belongs to.</summary>
/// <param name="XPath">The expression.</param>
/// <param name="Written">As its author wrote it.</param>
/// <param name="Origin">Where it is written.</param>
/// <param name="Use">What for.</param>
/// <param name="Item">The item; null for the interview's name and the texts of choices.</param>
/// <param name="Context">Path of the context node.</param>
public sealed record PlacedExpression(string XPath, string Written, Origin Origin, ExpressionUse Use, FormItem? Item, string Context);

/// <summary>Lists every expression of a form.</summary>
public static class FormExpressions
{
    /// <summary>All of them, items depth first, then the texts of choices.</summary>
    public static IEnumerable<PlacedExpression> All(FormDefinition form)
    {
        var root = "/" + form.Root;
        if (form.InstanceName is { } name)
            yield return new(name.XPath, name.Written ?? name.XPath, name.Origin, ExpressionUse.Rule, null, root);
        foreach (var (item, context) in Items(form.Items, root))
        {
            foreach (var expression in Of(item, context))
                yield return expression;
        }

        foreach (var choice in form.Lists.SelectMany(list => list.Choices))
        {
            foreach (var expression in Texts(choice.Label, null, root))
                yield return expression;
        }
    }

    // A group without a node of its own stands on the node around it.
    private static IEnumerable<(FormItem Item, string Context)> Items(IReadOnlyList<FormItem> items, string around)
    {
        foreach (var item in items)
        {
            yield return (item, item.Path ?? around);
            foreach (var inner in Items(FormDefinition.ItemsOf(item), item.Path ?? around))
                yield return inner;
        }
    }

    private static IEnumerable<PlacedExpression> Of(FormItem item, string context)
    {
        var rules = new List<(FormExpression? Expression, ExpressionUse Use)> { (item.Relevant, ExpressionUse.Relevance) };
        var texts = new List<FormText?> { item.Label };
        if (item is FormGroup group)
            rules.Add((group.Order?.Seed, ExpressionUse.Rule));
        if (item is FormRepeat repeat)
            rules.Add((repeat.Count, ExpressionUse.Rule));
        if (item is FormQuestion q)
        {
            rules.AddRange([
                (q.Calculation, ExpressionUse.Calculation), (q.Required, ExpressionUse.Rule), (q.Constraint, ExpressionUse.Rule), (q.ReadOnly, ExpressionUse.Rule),
                (q.DefaultExpression, ExpressionUse.Rule), (q.Choices?.Filter, ExpressionUse.Filter), (q.Choices?.Seed, ExpressionUse.Rule),
                (q.Choices?.Nodeset, ExpressionUse.Rule), (q.Choices?.Order?.Seed, ExpressionUse.Rule)]);
            rules.AddRange(q.Checks.Select(check => ((FormExpression?)check.Expression, ExpressionUse.Rule)));
            texts.AddRange([q.Hint, q.Guidance, q.Instruction, q.RequiredMessage, q.ConstraintMessage, .. q.Checks.Select(check => check.Message)]);
        }

        foreach (var (expression, use) in rules)
        {
            if (expression is not null)
                yield return new(expression.XPath, expression.Written ?? expression.XPath, expression.Origin, use, item, context);
        }

        foreach (var expression in texts.SelectMany(text => Texts(text, item, context)))
            yield return expression;
    }

    private static IEnumerable<PlacedExpression> Texts(FormText? text, FormItem? item, string context) =>
        from translation in text?.Translations ?? []
        from expression in translation.Parts.Select(part => part.Expression).OfType<string>()
        select new PlacedExpression(expression, expression, translation.Origin, ExpressionUse.Text, item, context);
}
