using Relais.Audience.Files;
using Relais.Audience.Numerics;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Targets;
using Relais.Audience.Verbs;
using Relais.Audience.Weighing;

namespace Relais.Audience.Indicators;

/// <summary>The respondents as read: ids, weights, strata and clusters, the variables that targets speak of, and what the weights were calibrated on, if told.</summary>
internal sealed record RespondentsFile(string Path, IReadOnlyList<string> Columns, Identifiers Ids, double[] Weights, int[] Strata, int[] Clusters, IReadOnlyList<Variable> Variables)
{
    public CalibrationProblem? Calibration { get; private init; }

    public static RespondentsFile Read(string path, VerbArguments arguments, IReadOnlyList<TargetText> targets, TextWriter error, CancellationToken cancel)
    {
        using var table = CsvTable.Open(path, arguments.DecimalComma(), new Progress(error, TimeProvider.System, $"reading {path}"));
        var idName = arguments.Optional("id") ?? "id";
        var id = table.Column(idName);
        var weight = arguments.Optional("weight") is { } weightName ? table.Column(weightName) : -1;
        var design = new RadioDesign(table, arguments);
        var answers = table.Columns.Index().Where(column => targets.Any(target => TargetExpression.Mentions(target.Expression, column.Item)))
            .Select(column => new Answers(column.Index, column.Item)).ToList();
        var calibration = arguments.Optional("margins") is { } margins ? new CalibrationColumns(table, margins, arguments) : null;
        var (ids, weights) = (new Identifiers(table.ExpectedRows), new Growing<double>(table.ExpectedRows));
        foreach (var row in table)
        {
            if ((ids.Count & 0xFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            if (ids.Add(row.Required(id)) < 0)
                throw Duplicates.At(path, row, id, idName);
            weights.Add(weight < 0 ? 1 : Weight(row, weight));
            design.Add(row);
            calibration?.Add(row);
            foreach (var column in answers)
                column.Add(row);
        }

        if (ids.Count == 0)
            throw new BadFileException(path, null, null, "there is no respondent in it", "Give at least one line after the header.");
        var scaled = Scaled(path, weights.ToArray(), arguments.Optional("weight"), IndicatorOptions.Universe(arguments));
        return new(path, table.Columns, ids, scaled, design.Strata(), design.Clusters(), [.. answers.Select(column => column.ToVariable())])
        {
            Calibration = calibration?.ToProblem(),
        };
    }

    private static double Weight(CsvRow row, int column)
    {
        var weight = row.Number(column);
        return weight >= 0 ? weight : throw row.Bad(column, "the weight is negative",
            "Nobody stands for fewer than no people: linear calibration can give such weights, raking or bounds do not.");
    }

    private static double[] Scaled(string path, double[] weights, string? column, double? universe)
    {
        var sum = Weighted.Sum(weights);
        if (!(sum > 0))
            throw new BadFileException(path, null, column, "the weights sum to zero", "Give the column of the weights.");
        return universe is { } people ? Array.ConvertAll(weights, weight => weight * (people / sum)) : weights;
    }

    /// <summary>The margins that the weights were calibrated to, and the weights before that.</summary>
    private sealed class CalibrationColumns(CsvTable table, string marginsPath, VerbArguments arguments)
    {
        private readonly List<MarginColumn> _margins =
            MarginsFile.Read(marginsPath, arguments.DecimalComma()).ConvertAll(margin => new MarginColumn(margin, table, marginsPath));

        private readonly int _before = arguments.Optional("design-weight") is { } name ? table.Column(name) : -1;
        private readonly Growing<double> _weights = new();

        public void Add(CsvRow row)
        {
            _weights.Add(_before < 0 ? 1 : Weight(row, _before));
            foreach (var margin in _margins)
                margin.Add(row);
        }

        public CalibrationProblem ToProblem() => new(_weights.ToArray(), _margins.ConvertAll(margin => margin.ToMargin()));
    }

    /// <summary>A column of answers; R's NA counts as none.</summary>
    private sealed class Answers(int column, string name)
    {
        private readonly LevelCodes _levels = new();
        private readonly Growing<int> _codes = new();

        public void Add(CsvRow row) => _codes.Add(_levels.Code(row.Missing(column) ? "" : row.Text(column)));

        public Variable ToVariable() => new(name, _levels.Levels, _codes.ToArray());
    }
}
