using System.Collections.Concurrent;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>
/// A questionnaire ready to be run: every expression compiled, the order of recalculation known. Made once, shared by all interviews and
/// safe to use from several threads.
/// </summary>
public sealed class FormProgram
{
    private readonly Dictionary<string, Expression?> _compiled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProgramItem> _byPath = new(StringComparer.Ordinal);
    private readonly List<ProgramItem> _items = [];
    private readonly Dictionary<MetadataKind, List<ProgramItem>> _metadata;
    private readonly List<Finding> _findings = [];
    private readonly ProgramInstances _instances;
    private readonly ConcurrentDictionary<(string List, string ValueRef), IReadOnlyList<Offer>> _offers = new();
    private readonly ConcurrentDictionary<(string List, string ValueRef, string Column), Dictionary<string, IReadOnlyList<Offer>>> _columns = new();

    private FormProgram(FormDefinition form)
    {
        Form = form;
        _instances = new ProgramInstances(form);
        Top = Add(form.Items, null, "/" + form.Root);
        foreach (var item in _items)
        {
            if (item.Order is { } order && Find(order.RecordedIn) is { } record)
                record.OrderOf = item;
        }

        _metadata = _items.Where(item => item.Question is { Metadata: not MetadataKind.None }).GroupBy(item => item.Question!.Metadata).ToDictionary(group => group.Key, group => group.ToList());
        Graph = new DependencyGraph(_items);
        foreach (var cycle in Graph.Cycles)
            _findings.Add(ProgramFindings.Cycle(cycle));
        foreach (var (aspect, path) in Graph.Unknown)
            _findings.Add(ProgramFindings.UnknownPath(aspect, path));
    }

    public FormDefinition Form { get; }

    /// <summary>Expressions that cannot be compiled, circles and paths that lead nowhere. A form with an error among them must not be run.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Nothing of it forbids to run it.</summary>
    public bool Usable => _findings.TrueForAll(finding => finding.Level != FindingLevel.Error);

    internal IReadOnlyList<ProgramItem> Top { get; }

    internal IReadOnlyList<ProgramItem> Items => _items;

    internal DependencyGraph Graph { get; }

    /// <summary>Compiles a questionnaire. Never throws: what is wrong is in <see cref="Findings"/>.</summary>
    public static FormProgram Compile(FormDefinition form) => new(form);

    /// <summary>The item at a path without positions.</summary>
    internal ProgramItem? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>The items that a fact about the interview fills.</summary>
    internal IEnumerable<ProgramItem> Metadata(MetadataKind kind) => _metadata.GetValueOrDefault(kind) ?? [];

    internal FormNode? Instance(string id) => _instances.Find(id);

    /// <summary>An expression within a text, compiled when the form was.</summary>
    internal Expression? InText(string xpath) => _compiled.GetValueOrDefault(xpath);

    /// <summary>All choices of a list or table, made once.</summary>
    internal IReadOnlyList<Offer> Offers(ChoiceSource source) => _offers.GetOrAdd((source.List, source.ValueRef), key =>
    {
        var items = Instance(key.List)?.Child("root")?.Named("item") ?? [];
        if (Form.Lists.FirstOrDefault(list => list.Name == key.List) is { } list)
            return [.. list.Choices.Select((choice, i) => new Offer(choice.Name, choice, items[i]))];
        return [.. items.Select(item => new Offer(item.Child(key.ValueRef)?.Text ?? "", null, item)).Where(offer => offer.Name.Length > 0)];
    });

    /// <summary>The choices whose column has a value, in the order of the list.</summary>
    internal IReadOnlyList<Offer> Offers(ChoiceSource source, string column, string value) => _columns.GetOrAdd((source.List, source.ValueRef, column), _ =>
        Offers(source).GroupBy(offer => offer.Node?.Child(column)?.Text ?? "", StringComparer.Ordinal).ToDictionary(group => group.Key, group => (IReadOnlyList<Offer>)[.. group], StringComparer.Ordinal))
        .GetValueOrDefault(value) ?? [];

    private List<ProgramItem> Add(IReadOnlyList<FormItem> items, ProgramItem? parent, string around)
    {
        var added = new List<ProgramItem>(items.Count);
        foreach (var item in items)
        {
            var compiled = new ProgramItem(_items.Count, item, parent, item.Path ?? around);
            _items.Add(compiled);
            added.Add(compiled);
            if (compiled.HasNode)
                _byPath.TryAdd(compiled.Path, compiled);
            compiled.Relevant = Of(item.Relevant);
            Text(item.Label, item.Origin);
            if (item is FormRepeat repeat)
                compiled.Count = Of(repeat.Count);
            if (item is FormGroup group)
                compiled.OrderSeed = Of(group.Order?.Seed);
            if (item is FormQuestion question)
                Question(compiled, question);
            compiled.Children.AddRange(Add(FormDefinition.ItemsOf(item), compiled, compiled.Path));
        }

        return added;
    }

    private void Question(ProgramItem item, FormQuestion question)
    {
        item.Calculation = Of(question.Calculation);
        item.Default = Of(question.DefaultExpression);
        item.Required = Of(question.Required);
        item.Constraint = Of(question.Constraint);
        item.ReadOnly = Of(question.ReadOnly);
        foreach (var check in question.Checks)
        {
            if (Of(check.Expression) is { } expression)
                item.Checks.Add(new CompiledCheck(expression, check.Message));
            Text(check.Message, question.Origin);
        }

        if (question.Choices is { } choices)
        {
            item.Filter = Of(choices.Filter);
            item.Nodeset = Of(choices.Nodeset);
            item.ChoiceSeed = Of(choices.Seed);
            item.OrderSeed = Of(choices.Order?.Seed);
            foreach (var choice in Form.Lists.FirstOrDefault(list => list.Name == choices.List)?.Choices ?? [])
            {
                Text(choice.Label, choice.Origin);
                if (choice.Disposition is { Length: > 0 })
                    item.Endings.TryAdd(choice.Name, choice);
            }
        }

        foreach (var text in new[] { question.Hint, question.Guidance, question.Instruction, question.RequiredMessage, question.ConstraintMessage })
            Text(text, question.Origin);
    }

    private Expression? Of(FormExpression? expression) => expression is null ? null : Of(expression.XPath, expression.Origin);

    private void Text(FormText? text, Origin origin)
    {
        foreach (var translation in text?.Translations ?? [])
        {
            foreach (var part in translation.Parts)
            {
                if (part.Expression is { } xpath)
                    Of(xpath, translation.Origin == Origin.File ? origin : translation.Origin);
            }
        }
    }

    private Expression? Of(string xpath, Origin origin)
    {
        if (_compiled.TryGetValue(xpath, out var known))
            return known;
        var expression = Expression.Compile(xpath, out var error);
        if (error is not null)
            _findings.Add(ProgramFindings.Expression(xpath, origin, error));
        return _compiled[xpath] = expression;
    }
}
