using Relais.Audience.Files;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Variance;
using Relais.Audience.Verbs;

namespace Relais.Audience.Weighing;

/// <summary>A sample read for estimates, joined to its weights.</summary>
internal sealed class EstimateSample
{
    private readonly int[] _by;

    private EstimateSample(SurveyDesign design, Residuals residuals, string how, Dictionary<string, double[]> values, IReadOnlyList<string> byLevels, int[] by) =>
        (Design, Residuals, HowResiduals, Values, ByLevels, _by) = (design, residuals, how, values, byLevels, by);

    public SurveyDesign Design { get; }

    public Residuals Residuals { get; }

    /// <summary>What is taken for known, in words.</summary>
    public string HowResiduals { get; }

    /// <summary>By variable, or <c>variable=level</c>.</summary>
    public IReadOnlyDictionary<string, double[]> Values { get; }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<string> ByLevels { get; }

    public bool[] Domain(int level) => Array.ConvertAll(_by, code => code == level);

    public static EstimateSample Read(VerbArguments arguments, IReadOnlyList<Quantity> quantities, TextWriter error, CancellationToken cancel)
    {
        var (path, decimalComma, idName) = (arguments.Required("sample"), arguments.DecimalComma(), arguments.Required("id"));
        var calibration = Calibration(arguments);
        var given = arguments.Optional("weights") is { } weightsPath ? WeightsFile.Read(weightsPath, decimalComma) : null;
        if (given is null && (arguments.Optional("weight") is null || calibration is not null))
            throw new UsageException("--weights is missing (or --weight COLUMN alone, for estimates with the design weights)");

        using var table = CsvTable.Open(path, decimalComma, new Progress(error, TimeProvider.System, $"relais estimate: reading {path}"));
        var (id, weight) = (table.Column(idName), arguments.Optional("weight") is { } name ? table.Column(name) : -1);
        var (drawn, by) = (new DesignColumns(arguments, table), arguments.Optional("by") is { } byName ? table.Column(byName) : -1);
        var household = arguments.Optional("household") is { } householdName ? table.Column(householdName) : -1;
        var margins = calibration is null ? [] : MarginsFile.Read(calibration.Value.Margins, decimalComma).ConvertAll(m => new MarginColumn(m, table, calibration.Value.Margins));
        var variables = quantities.SelectMany(q => new[] { q.First, q.Second }).OfType<string>().Distinct(StringComparer.Ordinal).Select(v => new VariableColumn(v, table)).ToList();
        var (ids, weights, design, byCodes, byLevels) = (new Identifiers(), new Growing<double>(), new Growing<double>(), new Growing<int>(), new LevelCodes());
        var (households, householdCodes) = (new Growing<int>(), new LevelCodes());
        foreach (var row in table)
        {
            if ((ids.Count & 0xFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            if (ids.Add(row.Required(id)) < 0)
                throw Duplicates.At(path, row, id, idName);
            if (weight >= 0)
                design.Add(WeighSample.DesignWeight(row, weight));
            weights.Add(given is null ? design[design.Count - 1] : given.Of(row, id));
            if (by >= 0)
                byCodes.Add(byLevels.Code(row.Required(by)));
            if (household >= 0)
                households.Add(householdCodes.Code(row.Required(household)));
            foreach (var margin in margins)
                margin.Add(row);
            foreach (var variable in variables)
                variable.Add(row);
            drawn.Add(row);
        }

        given?.CheckAllUsed(ids.Count, path);
        if (ids.Count == 0)
            throw new BadFileException(path, null, null, "there is no respondent in it", "Give at least one line after the header.");
        var (residuals, how) = Known(calibration, margins, weight >= 0 ? design.ToArray() : [], household >= 0 ? households.ToArray() : null);
        var (levels, codes) = Sorted(byLevels.Levels, byCodes.ToArray());
        return new EstimateSample(
            drawn.Of(weights.ToArray()), residuals, how, variables.ToDictionary(v => v.Name, v => v.Values(), StringComparer.Ordinal), levels, codes);
    }

    private static (string Margins, CalibrationMethod Method)? Calibration(VerbArguments arguments)
    {
        if (arguments.Optional("margins") is not { } margins)
        {
            return arguments.Optional("method") is null
                ? null
                : throw new UsageException("--method says how the weights were made, and needs --margins too");
        }

        if (arguments.Optional("weight") is null)
            throw new UsageException("--margins needs --weight, the design weights before calibration");
        return (margins, WeighSettings.Method(arguments.Required("method")));
    }

    private static (Residuals Residuals, string How) Known((string Margins, CalibrationMethod Method)? calibration, List<MarginColumn> margins, double[] design, int[]? households)
    {
        if (calibration is not { } known)
            return (Residuals.None, "with the weights taken as they are (--margins, --method and --weight for those of calibrated weights)");
        var problem = new CalibrationProblem(design, margins.ConvertAll(m => m.ToMargin()), households);
        if (known.Method == CalibrationMethod.Rake && problem.Margins.Any(m => m is TotalMargin))
            throw new UsageException("rake has categorical margins only; the method that takes numeric totals too is raking");
        return known.Method == CalibrationMethod.Rake
            ? (Residuals.Iterated([.. problem.Margins.OfType<CellMargin>()]), "on residuals of iterated post-stratification, as R's rake")
            : (Residuals.Regression(problem), "on residuals of the regression on the margins, as R's calibrate");
    }

    private static (string[] Levels, int[] Codes) Sorted(IReadOnlyList<string> levels, int[] codes)
    {
        var sorted = levels.Order(StringComparer.Ordinal).ToArray();
        var places = levels.Select(l => Array.IndexOf(sorted, l)).ToArray();
        return (sorted, Array.ConvertAll(codes, c => places[c]));
    }
}
