namespace Relais.Fieldwork.Verification;

/// <summary>What a verification found wrong. All is counted; of each rule the first few are kept in words.</summary>
internal sealed class Findings
{
    public const int MostKept = 20;

    private readonly SortedDictionary<string, List<string>> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    public bool Any => _counts.Count > 0;

    /// <summary>Rules that were broken, how often, and the first times.</summary>
    public IEnumerable<(string Rule, long Count, IReadOnlyList<string> First)> All => _first.Select(f => (f.Key, _counts[f.Key], (IReadOnlyList<string>)f.Value));

    public void Add(string rule, string what)
    {
        _counts[rule] = _counts.GetValueOrDefault(rule) + 1;
        if (!_first.TryGetValue(rule, out var first))
            _first[rule] = first = [];
        if (first.Count < MostKept)
            first.Add(what);
    }
}
