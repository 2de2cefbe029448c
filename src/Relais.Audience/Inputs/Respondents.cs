using System.Globalization;
using Relais.Audience.Numerics.Targets;
using Relais.Audience.Studies;
using Relais.Audience.Universes;

namespace Relais.Audience.Inputs;

/// <summary>The respondents of a wave, in the order of their file.</summary>
internal sealed class Respondents
{
    private readonly Dictionary<string, int> _places;

    private Respondents(Dictionary<string, int> places, IReadOnlyList<Variable> variables, double[] weights, int[] strata) =>
        (_places, Variables, Weights, Strata) = (places, variables, weights, strata);

    public int Count => Weights.Length;

    public IReadOnlyList<Variable> Variables { get; }

    /// <summary>Design weights, all 1 when the file has none.</summary>
    public double[] Weights { get; }

    /// <summary>Each respondent's stratum; all 0 when the design has none.</summary>
    public int[] Strata { get; }

    /// <summary>Ids in the order of the file.</summary>
    public IEnumerable<string> Ids => _places.OrderBy(p => p.Value).Select(p => p.Key);

    public bool TryPlace(ReadOnlySpan<char> id, out int place) => _places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out place);

    public Variable? Variable(string name) => Variables.FirstOrDefault(v => string.Equals(v.Name, name, StringComparison.Ordinal));

    /// <summary>Reads and checks a file: columns, ids, design weights, and that every variable of the margins has one of their levels.</summary>
    /// <returns>Null when the faults say that it can't be used.</returns>
    public static Respondents? Read(Func<Stream> open, SurveyColumns columns, IReadOnlyList<MarginTotal> margins, ImportFaults faults, CancellationToken cancel)
    {
        using var file = SurveyFile.Open(open, faults);
        if (file is null)
            return null;
        var reader = new Reading(file, columns, margins, faults);
        if (faults.Count > 0)
            return null;
        while (file.Next())
        {
            if (file.Rows % 4096 == 0)
                cancel.ThrowIfCancellationRequested();
            reader.Row();
        }

        if (reader.Places.Count == 0 && faults.Count == 0)
            faults.Add(null, null, "no-rows");
        return faults.Count > 0 ? null : new Respondents(reader.Places, reader.Variables(), [.. reader.Weights], [.. reader.Strata]);
    }

    private sealed class Reading
    {
        private readonly SurveyFile _file;
        private readonly ImportFaults _faults;
        private readonly int _id;
        private readonly int _weight;
        private readonly int _strata;
        private readonly MarginCheck[] _margins;
        private readonly (int Column, Dictionary<string, int> Levels, List<int> Codes)[] _variables;
        private readonly List<long> _lines = [];
        private readonly Dictionary<string, int> _stratumCodes = new(StringComparer.Ordinal);

        public Reading(SurveyFile file, SurveyColumns columns, IReadOnlyList<MarginTotal> margins, ImportFaults faults)
        {
            (_file, _faults) = (file, faults);
            _id = file.Column(columns.Id);
            _weight = columns.Weight is null ? -1 : file.Column(columns.Weight);
            _strata = columns.Strata is null ? -1 : file.Column(columns.Strata);
            _margins = [.. margins.GroupBy(m => m.Variable, StringComparer.Ordinal).Select(m => new MarginCheck(m.Key, [.. m], file))];
            _variables = [.. Enumerable.Range(0, file.Columns.Count).Where(c => c != _id)
                .Select(c => (c, new Dictionary<string, int>(StringComparer.Ordinal), new List<int>()))];
        }

        public Dictionary<string, int> Places { get; } = new(StringComparer.Ordinal);

        public List<double> Weights { get; } = [];

        public List<int> Strata { get; } = [];

        public IReadOnlyList<Variable> Variables() =>
            [.. _variables.Select(v => new Variable(_file.Columns[v.Column], [.. v.Levels.OrderBy(l => l.Value).Select(l => l.Key)], [.. v.Codes]))];

        public void Row()
        {
            var id = _file.Text(_id).ToString();
            if (id.Length == 0)
                Fault(_id, "id-missing");
            else if (!Places.TryAdd(id, Places.Count))
                Fault(_id, "id-twice", id, $"{_lines[Places[id]]}");
            else
                _lines.Add(_file.Line);
            foreach (var (column, levels, codes) in _variables)
                codes.Add(Code(levels, _file.Text(column)));
            if (_strata >= 0 && _file.Text(_strata).IsEmpty)
                Fault(_strata, "value-missing");
            Strata.Add(_strata < 0 ? 0 : Code(_stratumCodes, _file.Text(_strata)));
            Weights.Add(_weight < 0 ? 1 : Weight(_file.Text(_weight)));
            foreach (var margin in _margins)
                margin.Check(_file, _faults);
        }

        private double Weight(ReadOnlySpan<char> text)
        {
            if (text.IsEmpty)
                Fault(_weight, "value-missing");
            else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) || !double.IsFinite(weight))
                Fault(_weight, text.Contains(',') ? "number-comma" : "number", text.ToString());
            else if (weight <= 0)
                Fault(_weight, "weight-positive", text.ToString());
            else
                return weight;
            return 1;
        }

        private void Fault(int column, string code, params IReadOnlyList<string> named) => _faults.Add(_file.Line, _file.Columns[column], code, named);

        private static int Code(Dictionary<string, int> levels, ReadOnlySpan<char> text)
        {
            var lookup = levels.GetAlternateLookup<ReadOnlySpan<char>>();
            if (lookup.TryGetValue(text, out var code))
                return code;
            levels.Add(text.ToString(), levels.Count);
            return levels.Count - 1;
        }
    }

    /// <summary>Whether a respondent has a cell in one margin.</summary>
    private sealed class MarginCheck
    {
        private readonly int[] _columns;
        private readonly HashSet<string> _levels;
        private readonly bool _numeric;
        private readonly string _known;

        public MarginCheck(string variable, IReadOnlyList<MarginTotal> totals, SurveyFile file)
        {
            _columns = [.. variable.Split('*').Select(file.Column)];
            _levels = totals.Select(t => t.Level).ToHashSet(StringComparer.Ordinal);
            _numeric = totals is [{ Level: "" }];
            _known = string.Join(", ", _levels.Take(12)) + (_levels.Count > 12 ? ", …" : "");
        }

        public void Check(SurveyFile file, ImportFaults faults)
        {
            foreach (var column in _columns)
            {
                if (file.Text(column).IsEmpty)
                {
                    faults.Add(file.Line, file.Columns[column], "value-missing");
                    return;
                }
            }

            var cell = _columns.Length == 1 ? file.Text(_columns[0]).ToString() : string.Join('*', _columns.Select(c => file.Text(c).ToString()));
            if (_numeric)
            {
                if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
                    faults.Add(file.Line, file.Columns[_columns[0]], cell.Contains(',', StringComparison.Ordinal) ? "number-comma" : "number", cell);
            }
            else if (!_levels.Contains(cell))
            {
                faults.Add(file.Line, file.Columns[_columns[0]], "level-unknown", cell, _known);
            }
        }
    }
}
