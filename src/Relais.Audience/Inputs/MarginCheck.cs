using System.Globalization;
using Relais.Audience.Files;
using Relais.Audience.Universes;

namespace Relais.Audience.Inputs;

/// <summary>Whether a respondent has a cell in one margin.</summary>
internal sealed class MarginCheck
{
    private readonly int[] _columns;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _levels;
    private readonly bool _numeric;
    private readonly string _known;
    private char[] _cell = new char[64];

    public MarginCheck(string variable, IReadOnlyList<MarginTotal> totals, CsvTable table)
    {
        _columns = [.. variable.Split('*').Select(table.Column)];
        _levels = totals.Select(t => t.Level).ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _numeric = totals is [{ Level: "" }];
        _known = string.Join(", ", _levels.Set.Take(12)) + (_levels.Set.Count > 12 ? ", …" : "");
    }

    public void Check(CsvRow row, CsvTable table, ImportFaults faults)
    {
        foreach (var column in _columns)
        {
            if (row.Answer(column).IsEmpty)
            {
                faults.Add(row.Line, table.Columns[column], "value-missing");
                return;
            }
        }

        var cell = _columns.Length == 1 ? row.Answer(_columns[0]) : Crossed(row);
        if (_numeric)
        {
            if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
                faults.Add(row.Line, table.Columns[_columns[0]], cell.Contains(',') ? "number-comma" : "number", cell.ToString());
        }
        else if (!_levels.Contains(cell))
        {
            faults.Add(row.Line, table.Columns[_columns[0]], "level-unknown", cell.ToString(), _known);
        }
    }

    private ReadOnlySpan<char> Crossed(CsvRow row)
    {
        var length = 0;
        foreach (var column in _columns)
        {
            var level = row.Answer(column);
            if (length + level.Length + 1 > _cell.Length)
                Array.Resize(ref _cell, (length + level.Length + 1) * 2);
            if (length > 0)
                _cell[length++] = '*';
            level.CopyTo(_cell.AsSpan(length));
            length += level.Length;
        }

        return _cell.AsSpan(0, length);
    }
}
