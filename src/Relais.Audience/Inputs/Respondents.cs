using System.Globalization;
using System.Text;
using Relais.Audience.Files;
using Relais.Audience.Numerics.Targets;
using Relais.Audience.Studies;
using Relais.Audience.Universes;

namespace Relais.Audience.Inputs;

/// <summary>The respondents of a wave, in the order of their file.</summary>
internal sealed class Respondents
{
    private readonly Identifiers _ids;

    private Respondents(Identifiers ids, IReadOnlyList<Variable> variables, double[] weights, int[] strata, int[] clusters) =>
        (_ids, Variables, Weights, Strata, Clusters) = (ids, variables, weights, strata, clusters);

    public int Count => Weights.Length;

    /// <summary>The margins' variables, and those that the targets speak of.</summary>
    public IReadOnlyList<Variable> Variables { get; }

    /// <summary>Design weights, all 1 when the file has none.</summary>
    public double[] Weights { get; }

    /// <summary>Each respondent's stratum; all 0 when the design has none.</summary>
    public int[] Strata { get; }

    /// <summary>Each respondent's primary sampling unit within the stratum; empty when everybody is one.</summary>
    public int[] Clusters { get; }

    /// <summary>Ids in the order of the file.</summary>
    public IEnumerable<string> Ids => Enumerable.Range(0, Count).Select(i => Encoding.UTF8.GetString(_ids[i]));

    public bool TryPlace(ReadOnlySpan<char> id, out int place) => (place = _ids.Find(id)) >= 0;

    public Variable? Variable(string name) => Variables.FirstOrDefault(v => string.Equals(v.Name, name, StringComparison.Ordinal));

    /// <summary>Reads and checks a file: columns, ids, design weights, and that every variable of the margins has one of their levels.</summary>
    /// <returns>Null when the faults say that it can't be used.</returns>
    public static Respondents? Read(Func<Stream> open, SurveyColumns columns, IReadOnlyList<MarginTotal> margins, ImportFaults faults, CancellationToken cancel) =>
        Read(open, columns, margins, [], faults, cancel);

    /// <param name="targets">Their variables are kept too; null keeps all. What nobody asks for is not: a file may have more columns than there is memory for.</param>
    /// <returns>Null when the faults say that it can't be used.</returns>
    public static Respondents? Read(
        Func<Stream> open, SurveyColumns columns, IReadOnlyList<MarginTotal> margins, IReadOnlyList<TargetSetting>? targets, ImportFaults faults, CancellationToken cancel)
    {
        using var table = CsvTable.Open(new TableSource("", open), faults);
        if (table is null)
            return null;
        var reading = new Reading(table, columns, margins, targets, faults);
        if (faults.Count > 0)
            return null;
        foreach (var row in table)
        {
            if (table.Rows % 4096 == 0)
                cancel.ThrowIfCancellationRequested();
            reading.Add(row);
        }

        if (table.Rows == 0 && faults.Count == 0)
            faults.Add(null, null, "no-rows");
        return faults.Count > 0 ? null : reading.ToRespondents();
    }

    private sealed class Reading
    {
        private readonly CsvTable _table;
        private readonly ImportFaults _faults;
        private readonly int _id;
        private readonly int _weight;
        private readonly CodedColumn? _strata;
        private readonly CodedColumn? _clusters;
        private readonly MarginCheck[] _margins;
        private readonly CodedColumn[] _variables;
        private readonly Identifiers _ids;
        private readonly Growing<long> _lines;
        private readonly Growing<double> _weights;

        public Reading(CsvTable table, SurveyColumns columns, IReadOnlyList<MarginTotal> margins, IReadOnlyList<TargetSetting>? targets, ImportFaults faults)
        {
            (_table, _faults) = (table, faults);
            (_ids, _lines, _weights) = (new Identifiers(table.ExpectedRows), new Growing<long>(table.ExpectedRows), new Growing<double>(table.ExpectedRows));
            _id = table.Column(columns.Id);
            _weight = columns.Weight is null ? -1 : table.Column(columns.Weight);
            _strata = columns.Strata is null ? null : new CodedColumn(table, columns.Strata);
            _clusters = columns.Cluster is null ? null : new CodedColumn(table, columns.Cluster);
            _margins = [.. margins.GroupBy(m => m.Variable, StringComparer.Ordinal).Select(m => new MarginCheck(m.Key, [.. m], table))];
            var asked = margins.SelectMany(m => m.Variable.Split('*')).ToHashSet(StringComparer.Ordinal);
            var kept = targets is null
                ? table.Columns.Where(c => c != columns.Id && c != columns.Weight)
                : table.Columns.Where(c => asked.Contains(c) || targets.Any(t => TargetExpression.Mentions(t.Expression, c)));
            _variables = [.. kept.Select(c => new CodedColumn(table, c))];
        }

        public void Add(CsvRow row)
        {
            AddId(row);
            foreach (var variable in _variables)
                variable.Add(row);
            AddDrawn(_strata, row);
            AddDrawn(_clusters, row);
            _weights.Add(_weight < 0 ? 1 : Weight(row, row.Answer(_weight)));
            foreach (var margin in _margins)
                margin.Check(row, _table, _faults);
        }

        public Respondents ToRespondents() => new(_ids, [.. _variables.Select(v => v.ToVariable())], _weights.ToArray(), _strata?.ToArray() ?? new int[_ids.Count], _clusters?.ToArray() ?? []);

        private void AddId(CsvRow row)
        {
            var id = row.Answer(_id);
            if (id.IsEmpty)
                Fault(row, _id, "id-missing");
            else if (_ids.Add(id) is var at && at < 0)
                Fault(row, _id, "id-twice", id.ToString(), $"{_lines[~at]}");
            else
                _lines.Add(row.Line);
        }

        private void AddDrawn(CodedColumn? column, CsvRow row)
        {
            if (column?.Add(row) == false)
                Fault(row, column.Column, "value-missing");
        }

        private double Weight(CsvRow row, ReadOnlySpan<char> text)
        {
            if (text.IsEmpty)
                Fault(row, _weight, "value-missing");
            else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) || !double.IsFinite(weight))
                Fault(row, _weight, text.Contains(',') ? "number-comma" : "number", text.ToString());
            else if (weight <= 0)
                Fault(row, _weight, "weight-positive", text.ToString());
            else
                return weight;
            return 1;
        }

        private void Fault(CsvRow row, int column, string code, params IReadOnlyList<string> named) => _faults.Add(row.Line, _table.Columns[column], code, named);
    }

    /// <summary>A column's answers as codes.</summary>
    private sealed class CodedColumn(CsvTable table, string name)
    {
        private readonly LevelCodes _levels = new();
        private readonly Growing<int> _codes = new(table.ExpectedRows);

        public int Column { get; } = table.Column(name);

        /// <returns>False when nothing stands there.</returns>
        public bool Add(CsvRow row)
        {
            var answer = row.Answer(Column);
            _codes.Add(_levels.Code(answer));
            return !answer.IsEmpty;
        }

        public int[] ToArray() => _codes.ToArray();

        public Variable ToVariable() => new(name, _levels.Levels, _codes.ToArray());
    }
}
