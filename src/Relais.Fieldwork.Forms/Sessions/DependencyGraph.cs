namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>Which aspect follows from which answers and aspects. Built once for a questionnaire.</summary>
internal sealed class DependencyGraph
{
    private readonly Dictionary<string, List<ProgramItem>> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<(ProgramItem, AspectKind), Aspect> _aspects = [];
    private readonly Dictionary<ProgramItem, HashSet<Aspect>> _readers = [];
    private readonly Dictionary<Aspect, HashSet<Aspect>> _before = [];

    public DependencyGraph(IReadOnlyList<ProgramItem> items)
    {
        foreach (var item in items)
        {
            if (item.HasNode)
                Group(_byPath, item.Path).Add(item);
        }

        var found = items.SelectMany(AspectsOf).ToList();
        foreach (var aspect in found)
        {
            _aspects[(aspect.Item, aspect.Kind)] = aspect;
            _before[aspect] = [];
        }

        foreach (var aspect in found)
            Connect(aspect);
        Ordered = Sort(found);
        foreach (var (item, readers) in _readers)
            Readers[item] = [.. readers.OrderBy(reader => reader.Rank)];
    }

    /// <summary>Every aspect, by rank.</summary>
    public IReadOnlyList<Aspect> Ordered { get; }

    /// <summary>The aspects that read an item's value or, of a group or repeat, its presence; ranks ascending.</summary>
    public Dictionary<ProgramItem, IReadOnlyList<Aspect>> Readers { get; } = [];

    /// <summary>Circles of aspects that each need the next; empty for a sound questionnaire.</summary>
    public List<IReadOnlyList<Aspect>> Cycles { get; } = [];

    /// <summary>Paths that an expression reads and no item has.</summary>
    public List<(Aspect Aspect, string Path)> Unknown { get; } = [];

    public Aspect? Find(ProgramItem item, AspectKind kind) => _aspects.GetValueOrDefault((item, kind));

    /// <summary>The items at a path; a last step <c>*</c> is every child.</summary>
    public IEnumerable<ProgramItem> At(string path)
    {
        if (_byPath.TryGetValue(path, out var exact))
            return exact;
        return path.EndsWith("/*", StringComparison.Ordinal)
            ? _byPath.Where(pair => pair.Key.LastIndexOf('/') == path.Length - 2 && pair.Key.StartsWith(path[..^1], StringComparison.Ordinal)).SelectMany(pair => pair.Value)
            : [];
    }

    private static IEnumerable<Aspect> AspectsOf(ProgramItem item)
    {
        if (item.Relevant is not null)
            yield return new Aspect(item, AspectKind.Relevance, item.Relevant);
        if (item.Count is not null)
            yield return new Aspect(item, AspectKind.Count, item.Count);
        if (item.OrderOf is { } ordered)
            yield return new Aspect(item, AspectKind.Order, ordered.OrderSeed);
        if (item.Calculation is not null)
            yield return new Aspect(item, AspectKind.Calculation, item.Calculation);
    }

    private void Connect(Aspect aspect)
    {
        // What is inside a repeat is there only once its passes are counted.
        foreach (var above in aspect.Item.Ancestors())
            After(aspect, above, AspectKind.Count);
        if (aspect.References is not { } references)
            return;
        foreach (var path in references.Paths.Concat(references.ChoiceNames))
        {
            var any = false;
            foreach (var read in At(path))
            {
                any = true;
                Reads(aspect, read);
            }

            if (!any && path.LastIndexOf('/') > 0)
                Unknown.Add((aspect, path));
        }
    }

    private void Reads(Aspect aspect, ProgramItem read)
    {
        Group(_readers, read).Add(aspect);
        // A total that adds to that of the time round before reads itself, and is no circle.
        if (read == aspect.Item && aspect.Item.Repeat is not null && LooksElsewhere(aspect))
            return;
        After(aspect, read, AspectKind.Calculation);
        After(aspect, read, AspectKind.Order);
        for (var item = read; item is not null; item = item.Parent)
        {
            if (item != read)
                Group(_readers, item).Add(aspect);
            After(aspect, item, AspectKind.Relevance);
            After(aspect, item, AspectKind.Count);
        }
    }

    private static bool LooksElsewhere(Aspect aspect) =>
        aspect.Expression!.Text.Contains('[', StringComparison.Ordinal) || aspect.Expression.Text.Contains("indexed-repeat", StringComparison.Ordinal);

    private void After(Aspect aspect, ProgramItem item, AspectKind kind)
    {
        if (_aspects.TryGetValue((item, kind), out var before))
            _before[aspect].Add(before);
    }

    // Kahn: of those whose needs are met the first in the questionnaire comes next. Where none is, there is a circle.
    private List<Aspect> Sort(List<Aspect> aspects)
    {
        var ordered = new List<Aspect>(aspects.Count);
        var left = aspects.ToDictionary(aspect => aspect, aspect => _before[aspect].Count);
        var after = aspects.ToDictionary(aspect => aspect, _ => new List<Aspect>());
        foreach (var (aspect, before) in _before)
        {
            foreach (var earlier in before)
                after[earlier].Add(aspect);
        }

        var place = aspects.Select((aspect, i) => (aspect, i)).ToDictionary(pair => pair.aspect, pair => pair.i);
        var ready = new SortedSet<int>(aspects.Where(aspect => left[aspect] == 0).Select(aspect => place[aspect]));
        while (ordered.Count < aspects.Count)
        {
            if (ready.Count == 0)
                ready.Add(place[Break(aspects.Where(aspect => left[aspect] > 0))]);
            var next = aspects[ready.Min];
            ready.Remove(ready.Min);
            left[next] = 0;
            next.Rank = ordered.Count;
            ordered.Add(next);
            foreach (var later in after[next])
            {
                if (left[later] > 0 && --left[later] == 0)
                    ready.Add(place[later]);
            }
        }

        return ordered;
    }

    /// <summary>Finds a circle among what is left, keeps it, and gives the aspect to go on with.</summary>
    private Aspect Break(IEnumerable<Aspect> left)
    {
        var among = left.ToHashSet();
        var walked = new List<Aspect>();
        var at = among.First();
        // Each of them needs another of them: going back ends where it has been.
        while (!walked.Contains(at))
        {
            walked.Add(at);
            at = _before[at].First(among.Contains);
        }

        var circle = walked[walked.IndexOf(at)..];
        if (circle.Find(aspect => aspect.Kind == AspectKind.Count) is { } count)
        {
            count.IsLazy = true;
            return count;
        }

        circle.Reverse();
        Cycles.Add(circle);
        return at;
    }

    private static TValue Group<TKey, TValue>(Dictionary<TKey, TValue> groups, TKey key) where TKey : notnull where TValue : new()
    {
        if (!groups.TryGetValue(key, out var group))
            groups[key] = group = new TValue();
        return group;
    }
}
