using Relais.Fieldwork.Samples;

namespace Relais.Fieldwork.Steering;

/// <summary>Sent cases as rows of a sample, so that the same rules hold for them as for a file.</summary>
internal sealed class PushedRows : SampleTable
{
    private static readonly string[] Own = ["id", "zone", "language", "skill", "priority", "replicate"];

    private readonly IReadOnlyList<PushCases.PushedCase> _cases;
    private readonly List<string> _columns;
    private readonly int _phones;
    private int _row = -1;

    public PushedRows(IReadOnlyList<PushCases.PushedCase> cases)
    {
        _cases = cases;
        _phones = Math.Max(1, cases.Max(c => c.Phones?.Count ?? 0));
        var fields = cases.SelectMany(c => c.Fields?.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        _columns = [.. Own, .. Enumerable.Range(1, _phones).Select(i => $"phone{(i == 1 ? "" : i)}"), .. fields];
        // A replicate that one case has must not become the first for all: the column is there only when somebody sends it.
        Columns = cases.Any(c => c.Replicate is not null) ? _columns : [.. _columns.Select(c => c == "replicate" ? "" : c)];
    }

    public override IReadOnlyList<string> Columns { get; }

    /// <summary>The place of the case in what was sent, from 1.</summary>
    public override long Line => _row + 1;

    /// <summary>A field whose name is one of ours would be read as that: it is refused by name.</summary>
    public string? ReservedField => _columns.Skip(Own.Length + _phones).FirstOrDefault(IsOwn);

    public override bool Next() => ++_row < _cases.Count;

    public override ReadOnlySpan<char> Text(int column)
    {
        var one = _cases[_row];
        return (column switch
        {
            0 => one.Id,
            1 => one.Zone,
            2 => one.Language,
            3 => one.Skill,
            4 => one.Priority is { } priority ? Number(priority) : null,
            5 => one.Replicate is { } replicate ? Number(replicate) : null,
            _ when column < Own.Length + _phones => one.Phones?.ElementAtOrDefault(column - Own.Length),
            _ => one.Fields?.GetValueOrDefault(_columns[column]),
        }).AsSpan().Trim();
    }

    private static bool IsOwn(string name) =>
        Own.Contains(name, StringComparer.OrdinalIgnoreCase) || (name.StartsWith("phone", StringComparison.OrdinalIgnoreCase) && name[5..].All(char.IsAsciiDigit));

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
