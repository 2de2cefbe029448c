using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Checks;

/// <summary>
/// Which item's value or presence depends on which: a calculation on what it reads, a condition too, and everything on the conditions around
/// it. The number of passes of a repeat is left out: forms rightly count passes to decide whether there is one more.
/// </summary>
internal sealed class CycleSearch
{
    private const int MostCycles = 100;
    private const int MostNames = 20;

    private readonly Dictionary<string, SortedSet<string>> _reads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Origin> _origins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _children = new(StringComparer.Ordinal);

    public CycleSearch(FormDefinition form) => Walk(form.Items, "/" + form.Root);

    public void Add(PlacedExpression placed, ExpressionReferences references)
    {
        if (placed.Use is not (ExpressionUse.Calculation or ExpressionUse.Relevance) || placed.Item?.Path is not { } path)
            return;
        _origins[path] = placed.Origin;
        foreach (var read in references.Paths)
        {
            _reads[path].Add(read);
            // All children are one node more: a thousand sums over a thousand children are no million of edges.
            if (read.EndsWith("/*", StringComparison.Ordinal) && !_reads.ContainsKey(read))
                _reads[read] = new SortedSet<string>(_children.GetValueOrDefault(read[..^2], []), StringComparer.Ordinal);
        }
    }

    /// <summary>Each circle once, at the expression that closes it.</summary>
    public IEnumerable<Finding> Cycles()
    {
        var left = MostCycles;
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in _reads.Keys.Order(StringComparer.Ordinal))
        {
            // Depth first without recursion: forms may chain ten thousand calculations.
            var path = new List<string>();
            var on = new HashSet<string>(StringComparer.Ordinal);
            var stack = new Stack<(string Node, IEnumerator<string> Next)>();
            Enter(start);
            while (stack.TryPeek(out var top))
            {
                if (!top.Next.MoveNext())
                {
                    stack.Pop();
                    path.RemoveAt(path.Count - 1);
                    on.Remove(top.Node);
                    done.Add(top.Node);
                }
                else if (on.Contains(top.Next.Current))
                {
                    var cycle = path.Skip(path.IndexOf(top.Next.Current)).Append(top.Next.Current).Select(Name).Where(name => name != "*").ToList();
                    if (cycle.Count > MostNames)
                        cycle = [.. cycle.Take(MostNames), "…", cycle[^1]];
                    yield return Say.Cycle(_origins.GetValueOrDefault(top.Node, Origin.File), string.Join(" → ", cycle));
                    if (--left == 0)
                        yield break;
                }
                else
                {
                    Enter(top.Next.Current);
                }
            }

            void Enter(string node)
            {
                if (done.Contains(node) || !_reads.TryGetValue(node, out var reads))
                    return;
                path.Add(node);
                on.Add(node);
                stack.Push((node, reads.GetEnumerator()));
            }
        }
    }

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private void Walk(IReadOnlyList<FormItem> items, string around)
    {
        foreach (var item in items)
        {
            var path = item.Path ?? around;
            if (item.Path is not null)
            {
                _reads[path] = new SortedSet<string>(StringComparer.Ordinal) { around };
                _origins[path] = item.Origin;
                if (!_children.TryGetValue(around, out var children))
                    _children[around] = children = [];
                children.Add(path);
            }

            Walk(FormDefinition.ItemsOf(item), path);
        }
    }
}
