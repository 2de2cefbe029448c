using System.Text;
using Relais.Audience.Files;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Variance;
using Relais.Audience.Verbs;

namespace Relais.Audience.Weighing;

/// <summary>A sample read for weighing: ids, design weights, and each margin's codes.</summary>
internal sealed record WeighSample(Identifiers Ids, CalibrationProblem Problem, SurveyDesign? Design)
{
    public static WeighSample Read(VerbArguments arguments, TextWriter error, CancellationToken cancel)
    {
        var (path, marginsPath, decimalComma) = (arguments.Required("sample"), arguments.Required("margins"), arguments.DecimalComma());
        var (idName, weightName) = (arguments.Required("id"), arguments.Required("weight"));
        var margins = MarginsFile.Read(marginsPath, decimalComma);
        using var table = CsvTable.Open(path, decimalComma, new Progress(error, TimeProvider.System, $"relais weigh: reading {path}"));
        var (id, weight) = (table.Column(idName), table.Column(weightName));
        var household = arguments.Optional("household") is { } name ? table.Column(name) : -1;
        var (columns, drawn) = (margins.ConvertAll(m => new MarginColumn(m, table, marginsPath)), new DesignColumns(arguments, table));
        var (ids, weights, households, householdCodes) = (new Identifiers(table.ExpectedRows), new Growing<double>(table.ExpectedRows), new Growing<int>(household >= 0 ? table.ExpectedRows : 0), new LevelCodes());
        foreach (var row in table)
        {
            if ((ids.Count & 0xFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            if (ids.Add(row.Required(id)) < 0)
                throw Duplicates.At(path, row, id, idName);
            weights.Add(DesignWeight(row, weight));
            if (household >= 0)
                households.Add(householdCodes.Code(row.Required(household)));
            foreach (var column in columns)
                column.Add(row);
            drawn.Add(row);
        }

        if (ids.Count == 0)
            throw new BadFileException(path, null, null, "there is no respondent in it", "Give at least one line after the header.");
        var problem = new CalibrationProblem(weights.ToArray(), columns.ConvertAll(c => c.ToMargin()), household >= 0 ? households.ToArray() : null);
        return new WeighSample(ids, problem, drawn.Given ? drawn.Of(problem.DesignWeights) : null);
    }

    public static double DesignWeight(CsvRow row, int column)
    {
        var weight = row.Number(column);
        return weight > 0
            ? weight
            : throw row.Bad(column, $"the design weight is {(weight < 0 ? "negative" : "zero")}", "Every respondent of the sample needs a weight above zero; remove those who are out of scope.");
    }

    /// <summary>What a respondent is called.</summary>
    public string NameOf(int respondent) => Encoding.UTF8.GetString(Ids[respondent]);

    /// <summary>The standard error of each total before weighing, in the order of the report; null when no design is known.</summary>
    public double[]? ErrorsBefore()
    {
        if (Design is null)
            return null;
        var (estimator, errors, counted) = (new Estimator(Design, Residuals.None), new List<double>(), new double[Ids.Count]);
        foreach (var margin in Problem.Margins)
        {
            if (margin is TotalMargin total)
                errors.Add(estimator.Total(total.Values).StandardError);
            for (var k = 0; margin is CellMargin cell && k < cell.Columns; k++)
            {
                if (double.IsNaN(cell.Totals[k]))
                    continue;
                for (var i = 0; i < counted.Length; i++)
                    counted[i] = cell.Codes[i] == k ? 1 : 0;
                errors.Add(estimator.Total(counted).StandardError);
            }
        }

        return [.. errors];
    }
}
