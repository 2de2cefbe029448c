using Relais.Audience.Files;

namespace Relais.Audience.Weighing;

/// <summary>A numeric variable as the sample is read, or ones and zeros for <c>variable=level</c>.</summary>
internal sealed class VariableColumn
{
    private readonly int _column;
    private readonly string? _level;
    private readonly Growing<double> _values = new();
    private bool _met;
    private readonly CsvTable _table;

    public VariableColumn(string name, CsvTable table)
    {
        (Name, _table) = (name, table);
        // A column may have an = in its own name.
        var equals = table.Find(name) >= 0 ? -1 : name.IndexOf('=', StringComparison.Ordinal);
        (_column, _level) = equals > 0 ? (table.Column(name[..equals]), name[(equals + 1)..]) : (table.Column(name), null);
    }

    public string Name { get; }

    public void Add(CsvRow row)
    {
        if (_level is null)
        {
            // A word where a number is meant is a level; what holds digits is a number written wrongly.
            if (!row.Missing(_column) && !row.Text(_column).ContainsAnyInRange('0', '9'))
                throw Categorical(row);
            _values.Add(row.Number(_column));
            return;
        }

        var isLevel = row.Required(_column).SequenceEqual(_level);
        _met |= isLevel;
        _values.Add(isLevel ? 1 : 0);
    }

    public double[] Values() => _level is null || _met
        ? _values.ToArray()
        : throw new BadFileException(_table.Path, null, _table.Columns[_column], $"nobody has the level {_level}", "Levels are compared letter by letter.");

    private BadFileException Categorical(CsvRow row) =>
        row.Bad(_column, $"\"{row.Text(_column)}\" is not a number", $"For the share of a level write {Name}={row.Text(_column)}.");
}
