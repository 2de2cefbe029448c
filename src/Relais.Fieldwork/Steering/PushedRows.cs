using Relais.Fieldwork.Samples;

namespace Relais.Fieldwork.Steering;

/// <summary>A case as another system sends it.</summary>
/// <param name="Id">Unique in the wave: the same again is not taken twice.</param>
/// <param name="Phones">As people write them; the first is called first.</param>
/// <param name="Zone">IANA; else that of the number's country.</param>
/// <param name="Priority">0 (first) to 9; else 5.</param>
/// <param name="Replicate">From 1.</param>
/// <param name="Fields">What the sample says, by name.</param>
public sealed record PushedCase(
    string? Id, IReadOnlyList<string?>? Phones, string? Zone = null, string? Language = null, string? Skill = null, int? Priority = null, int? Replicate = null,
    IReadOnlyDictionary<string, string?>? Fields = null);

/// <summary>Sent cases as rows of a sample, so that the same rules hold for them as for a file.</summary>
internal sealed class PushedRows : SampleTable
{
    private static readonly string[] Own = ["id", "zone", "language", "skill", "priority", "replicate"];

    private readonly IReadOnlyList<PushedCase> _cases;
    private readonly List<string> _columns;
    private readonly int _phones;
    private int _row = -1;

    public PushedRows(IReadOnlyList<PushedCase> cases)
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
