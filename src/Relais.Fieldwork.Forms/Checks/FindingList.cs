using Relais.Fieldwork.Forms.Import.XlsForm;

namespace Relais.Fieldwork.Forms.Checks;

/// <summary>What was found so far. Endless files give no endless list: the last entry says that there is more.</summary>
internal sealed class FindingList
{
    private const int Most = 2000;

    private readonly List<Finding> _findings = [];
    private readonly HashSet<(string Code, Definitions.Origin Origin, string Text)> _said = [];

    private bool _more;

    public bool HasErrors { get; private set; }

    /// <summary>What a word probably means; null when there is nothing near, or nothing more is said anyway.</summary>
    public string? Nearest(string word, IEnumerable<string> candidates) => _findings.Count < Most ? Nearby.Find(word, candidates) : null;

    /// <summary>Adds one, unless the same was said of the same place.</summary>
    public void Add(Finding finding)
    {
        HasErrors |= finding.Level == FindingLevel.Error;
        if (_findings.Count == Most)
            _more = true;
        else if (_said.Add((finding.Code, finding.Origin, finding.Text.French)))
            _findings.Add(finding);
    }

    public void AddRange(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
            Add(finding);
    }

    /// <summary>In the order of the sheets, then from above and from the left.</summary>
    public IReadOnlyList<Finding> Sorted(IReadOnlyList<string> sheets)
    {
        var places = sheets.Select((name, at) => (name, at)).DistinctBy(p => p.name, StringComparer.Ordinal).ToDictionary(p => p.name, p => p.at, StringComparer.Ordinal);
        var sorted = _findings
            .OrderBy(f => f.Origin.Sheet.Length == 0 ? -1 : places.GetValueOrDefault(f.Origin.Sheet, int.MaxValue))
            .ThenBy(f => f.Origin.Row).ThenBy(f => f.Origin.Column);
        return _more ? [.. sorted, Say.More(HasErrors)] : [.. sorted];
    }
}
