using Relais.Audience.Files;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Verbs;

namespace Relais.Audience.Weighing;

/// <summary>A sample read for weighing: ids, design weights, and each margin's codes.</summary>
internal sealed record WeighSample(Identifiers Ids, CalibrationProblem Problem)
{
    public static WeighSample Read(VerbArguments arguments, TextWriter error, CancellationToken cancel)
    {
        var (path, marginsPath, decimalComma) = (arguments.Required("sample"), arguments.Required("margins"), arguments.DecimalComma());
        var (idName, weightName) = (arguments.Required("id"), arguments.Required("weight"));
        var margins = MarginsFile.Read(marginsPath, decimalComma);
        using var table = CsvTable.Open(path, decimalComma, new Progress(error, TimeProvider.System, $"reading {path}"));
        var (id, weight) = (table.Column(idName), table.Column(weightName));
        var household = arguments.Optional("household") is { } name ? table.Column(name) : -1;
        var columns = margins.ConvertAll(m => new MarginColumn(m, table, marginsPath));
        var (ids, weights, households, householdCodes) = (new Identifiers(), new Growing<double>(), new Growing<int>(), new LevelCodes());
        foreach (var row in table)
        {
            if ((ids.Count & 0xFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            if (ids.Add(row.Required(id)) < 0)
                throw Duplicates.At(path, row, id, idName);
            var design = row.Number(weight);
            if (design <= 0)
                throw row.Bad(weight, $"the design weight is {(design < 0 ? "negative" : "zero")}", "Every respondent of the sample needs a weight above zero; remove those who are out of scope.");
            weights.Add(design);
            if (household >= 0)
                households.Add(householdCodes.Code(row.Required(household)));
            foreach (var column in columns)
                column.Add(row);
        }

        if (ids.Count == 0)
            throw new BadFileException(path, null, null, "there is no respondent in it", "Give at least one line after the header.");
        return new WeighSample(ids, new CalibrationProblem(weights.ToArray(), columns.ConvertAll(c => c.ToMargin()), household >= 0 ? households.ToArray() : null));
    }
}
