using Relais.Audience.Files;
using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Weighing;

/// <summary>One margin's values as the sample is read: a code or a number a respondent.</summary>
internal sealed class MarginColumn
{
    private const int LongestCell = 1024;
    private readonly MarginTotals _totals;
    private readonly int[] _columns;
    private readonly Growing<ushort> _codes;
    private readonly Growing<double> _values;

    public MarginColumn(MarginTotals totals, CsvTable sample, string marginsPath)
    {
        _totals = totals;
        _codes = new Growing<ushort>(totals.Numeric ? 0 : sample.ExpectedRows);
        _values = new Growing<double>(totals.Numeric ? sample.ExpectedRows : 0);
        if (totals is { Numeric: true, Name: MarginTotals.Everybody })
        {
            _columns = [];
            return;
        }

        var missing = totals.Variables.FirstOrDefault(v => sample.Find(v) < 0);
        if (missing is not null)
        {
            throw new BadFileException(marginsPath, totals.Line, "variable", $"{missing} is not a column of {sample.Path}",
                $"That file has: {string.Join(", ", sample.Columns)}. Names are compared letter by letter.");
        }

        _columns = [.. totals.Variables.Select(sample.Column)];
    }

    public void Add(CsvRow row)
    {
        if (_totals.Numeric)
            _values.Add(_columns.Length == 0 ? 1 : row.Number(_columns[0]));
        else
            _codes.Add(Code(row));
    }

    public Margin ToMargin()
    {
        if (_totals.Numeric)
            return new TotalMargin(_totals.Name, _values.ToArray(), _totals.Totals[0]);
        var totals = new double[_totals.Levels.Levels.Count];
        Array.Fill(totals, double.NaN);
        _totals.Totals.CopyTo(totals);
        return new CellMargin(_totals.Name, _totals.Levels.Levels, _codes.ToArray(), totals);
    }

    private ushort Code(CsvRow row)
    {
        if (_columns.Length == 1)
            return Checked(row, _totals.Levels.Code(Level(row, _columns[0])));

        Span<char> cell = stackalloc char[LongestCell];
        var length = 0;
        foreach (var column in _columns)
        {
            var level = Level(row, column);
            if (length + level.Length + 1 > LongestCell)
                throw row.Bad(column, "the level is too long to be crossed with others", "Use shorter names.");
            if (length > 0)
                cell[length++] = '*';
            level.CopyTo(cell[length..]);
            length += level.Length;
        }

        return Checked(row, _totals.Levels.Code(cell[..length]));
    }

    // NA is a missing value unless the margins name it as a level.
    private ReadOnlySpan<char> Level(CsvRow row, int column) =>
        row.Text(column) is "NA" && _totals.Levels.Find("NA") is >= 0 and var known && known < _totals.Totals.Count ? "NA" : row.Required(column);

    private ushort Checked(CsvRow row, int code) => code <= ushort.MaxValue
        ? (ushort)code
        : throw row.Bad(_columns[0], $"{_totals.Name} has more than 65,536 levels in this file", "Is it a numeric variable, or an identifier? Group its values.");
}
