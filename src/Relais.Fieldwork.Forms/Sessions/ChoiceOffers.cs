using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>A choice before its label is written.</summary>
/// <param name="Node">Its item in the list or table; null when the list gives none.</param>
internal sealed record Offer(string Name, Choice? Definition, FormNode? Node);

/// <summary>Which choices a question offers now: filtered, in the order of this interview.</summary>
internal sealed class ChoiceOffers(FormProgram program, LiveForm values, FormTexts texts)
{
    private readonly Dictionary<Live, (int Version, IReadOnlyList<Offer> Offers)> _known = [];
    private readonly Dictionary<string, Expression?> _paths = new(StringComparer.Ordinal);

    public IReadOnlyList<Offer> For(Live question)
    {
        if (question.Item.Question?.Choices is not { } source)
            return [];
        if (_known.TryGetValue(question, out var known) && known.Version == values.Version)
            return known.Offers;
        IReadOnlyList<Offer> offers = Filtered(question, source);
        if (source.Randomize)
            offers = ParkMiller.Shuffle(offers, Seed(question));
        else if (source.Order is { } order)
            offers = InOrder(offers, Recorded(question, order.RecordedIn));
        _known[question] = (values.Version, offers);
        return offers;
    }

    public string Label(Offer offer, Live question)
    {
        if (offer.Definition?.Label is { } label)
            return texts.Render(label, question);
        var column = question.Item.Question!.Choices!.LabelRef;
        return offer.Node?.Child(column) is { Seen.Length: > 0 } shown ? shown.Seen : offer.Name;
    }

    /// <summary>For jr:choice-name(): the labels of a value, or of several separated by blanks; null when the path leads to no choices.</summary>
    public string? NameOf(FormNode? from, string path, string value)
    {
        if (!_paths.TryGetValue(path, out var expression))
            _paths[path] = expression = Expression.Compile(path, out _);
        if (expression?.References(PlainPath(from)).Paths is not [.., var target] || program.Find(target) is not { Question.Choices: { } source } item)
            return null;
        if (values.Of(item) is not { Count: > 0 } lives)
            return null;
        var question = lives.FirstOrDefault(live => live.Node.Parent == from?.Parent) ?? lives[0];
        var all = All(item, question, source);
        return string.Join(", ", value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => all.FirstOrDefault(offer => offer.Name == name) is { } offer ? Label(offer, question) : name));
    }

    /// <summary>The value of the hidden item that an order or a time is recorded in, of the same time round.</summary>
    public Live? Record(Live live, string path)
    {
        if (program.Find(path) is not { } item)
            return null;
        var candidates = values.Of(item);
        if (candidates.Count <= 1 || item.Repeat is null)
            return candidates.Count > 0 ? candidates[0] : null;
        return candidates.FirstOrDefault(candidate => Round(candidate) == Round(live));
    }

    public IReadOnlyList<string> Recorded(Live live, string path) => Record(live, path)?.Node.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static IReadOnlyList<Offer> InOrder(IReadOnlyList<Offer> offers, IReadOnlyList<string> names)
    {
        var place = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
            place.TryAdd(name, place.Count);
        return [.. offers.OrderBy(offer => place.GetValueOrDefault(offer.Name, int.MaxValue))];
    }

    private static Live? Round(Live live)
    {
        var at = live;
        while (at is not null && !at.IsPass)
            at = at.Parent;
        return at;
    }

    private long Seed(Live question) => question.Item.ChoiceSeed is { } seed
        ? Expressions.Functions.ChanceFunctions.Seed(seed.Evaluate(values.Context, question.Node).ToNumber())
        : Ordering.SeedOf(values.Context, question.Node.Path());

    private IReadOnlyList<Offer> All(ProgramItem item, Live question, ChoiceSource source)
    {
        if (item.Nodeset is { } nodeset)
        {
            var found = values.Watch($"{question.Node.Path()} (choices)", nodeset.Evaluate(values.Context, question.Node));
            return [.. found.Nodes.Select(node => new Offer(node.Child(source.ValueRef)?.Seen ?? "", null, node)).Where(offer => offer.Name.Length > 0)];
        }

        return program.Offers(source);
    }

    private IReadOnlyList<Offer> Filtered(Live question, ChoiceSource source)
    {
        if (question.Item.Filter is not { } filter)
            return All(question.Item, question, source);
        if (question.Item.Nodeset is null && filter.Lookup(values.Context, question.Node) is { } lookup)
            return program.Offers(source, lookup.Column, lookup.Wanted.ToText());
        var all = All(question.Item, question, source);
        var kept = new List<Offer>();
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Node is not { } node)
                continue;
            var value = values.Watch($"{question.Node.Path()} (choice_filter)", filter.Evaluate(values.Context, node, question.Node, i + 1, all.Count));
            if (!value.IsError && value.ToBoolean())
                kept.Add(all[i]);
        }

        return kept;
    }

    private static string PlainPath(FormNode? node) => node is null ? "" : $"{PlainPath(node.Parent)}/{node.Name}";
}
