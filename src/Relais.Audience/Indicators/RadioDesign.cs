using Relais.Audience.Files;
using Relais.Audience.Verbs;

namespace Relais.Audience.Indicators;

/// <summary>How respondents were drawn, as <c>--strata</c> and <c>--cluster</c> say: every stratum needs two clusters, or respondents where there are none.</summary>
internal sealed class RadioDesign(CsvTable table, VerbArguments arguments)
{
    private readonly Coded? _strata = Coded.Of(table, arguments.Optional("strata"));
    private readonly Coded? _clusters = Coded.Of(table, arguments.Optional("cluster"));
    private readonly List<(int Unit, bool Several, long Line)> _units = [];

    public void Add(CsvRow row)
    {
        var stratum = _strata?.Add(row) ?? 0;
        var unit = _clusters?.Add(row) ?? (int)table.Rows;
        if (stratum == _units.Count)
            _units.Add((unit, false, row.Line));
        else if (_units[stratum].Unit != unit)
            _units[stratum] = _units[stratum] with { Several = true };
    }

    /// <summary>Each respondent's stratum; empty for one stratum.</summary>
    /// <exception cref="BadFileException">A stratum has one cluster, or one respondent.</exception>
    public int[] Strata()
    {
        var lone = _units.FindIndex(stratum => !stratum.Several);
        if (lone < 0 || (_strata is null && _clusters is null))
            return _strata?.ToArray() ?? [];
        var stratum = _strata is null ? "the whole sample" : $"the stratum {_strata.Levels[lone]}";
        throw new BadFileException(table.Path, _units[lone].Line, _strata?.Name ?? _clusters?.Name,
            _clusters is null ? $"{stratum} has this one respondent, who says nothing of how people there differ" : $"{stratum} has one cluster only, which says nothing of how clusters there differ",
            _strata is null ? "Leave out --cluster, or name the column of the primary units." : "Merge the stratum with a neighbour before, or leave out --strata.");
    }

    /// <summary>Each respondent's cluster; empty when everybody is one.</summary>
    public int[] Clusters() => _clusters?.ToArray() ?? [];

    private sealed class Coded(CsvTable table, string name)
    {
        private readonly int _column = table.Column(name);
        private readonly LevelCodes _levels = new();
        private readonly Growing<int> _codes = new(table.ExpectedRows);

        public string Name { get; } = name;

        public IReadOnlyList<string> Levels => _levels.Levels;

        public static Coded? Of(CsvTable table, string? name) => name is null ? null : new Coded(table, name);

        public int Add(CsvRow row)
        {
            var code = _levels.Code(row.Required(_column));
            _codes.Add(code);
            return code;
        }

        public int[] ToArray() => _codes.ToArray();
    }
}
