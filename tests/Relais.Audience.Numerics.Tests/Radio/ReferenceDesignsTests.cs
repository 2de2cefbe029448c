using System.Globalization;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Numerics.Tests.Radio;

/// <summary>Targets, several designs and calibrated weights against R survey 4.1-1: <c>expected_designs.csv</c>, made by <c>expected_designs.R</c>.</summary>
public sealed class ReferenceDesignsTests
{
    private static readonly string[] Bands = ["0500-2400", "0600-0900"];

    private static readonly (string Name, string Expression)[] Targets =
    [
        ("all", "all"), ("women_25_49", "sex = 'F' and age in ('25-34', '35-49')"), ("weekend", "day != 'LV'"), ("r1", "region = 'R1'"),
    ];

    private static readonly StationGroup[] Groups = [new("GROUP_S1_S2", [0, 1])];

    [Fact]
    public void Figures_of_targets_with_the_weights_as_given_are_R_surveys() => Meets("plain", ComputeIndicators.From(ReferenceDiary.Sample, Request()));

    [Fact]
    public void Errors_of_linearly_calibrated_weights_are_R_surveys() => Meets("linear", Calibrated(1));

    [Fact]
    public void Errors_of_raked_weights_are_R_surveys() => Meets("raking", Calibrated(2));

    [Fact]
    public void A_target_that_was_a_margin_is_known_without_error()
    {
        var table = ComputeIndicators.Calibrated(Weighted(1), Problem(), Request());
        var all = table[0, 0, 0];
        Assert.Equal(all.AcPctSe * all.Universe / 100, all.AcSe, all.AcSe * 1e-6);
    }

    [Fact]
    public void A_calibration_of_other_people_is_refused()
    {
        var problem = new CalibrationProblem([1, 1], [new CellMargin("sex", ["F"], [0, 0], [2])]);
        Assert.Throws<ArgumentException>(() => ComputeIndicators.Calibrated(ReferenceDiary.Sample, problem, Request()));
    }

    private static IndicatorTable Calibrated(int column) => ComputeIndicators.Calibrated(Weighted(column), Problem(), Request());

    private static RadioSample Weighted(int column) =>
        ReferenceDiary.Sample.Reweighted([.. ReferenceDiary.Rows("radio/calibrated_weights.csv").Select(row => ReferenceDiary.Number(row[column]))]);

    private static CalibrationProblem Problem()
    {
        var totals = ReferenceDiary.Rows("radio/margins.csv");
        var margins = new List<Margin>();
        foreach (var (variable, column) in new[] { ("sex", 1), ("age", 2), ("csp", 3), ("region", 4) })
        {
            var cells = totals.Where(row => row[0] == variable).ToList();
            var levels = cells.ConvertAll(row => row[1]);
            var codes = ReferenceDiary.Respondents.Select(row => (ushort)levels.IndexOf(row[column]));
            margins.Add(new CellMargin(variable, levels, [.. codes], [.. cells.Select(row => ReferenceDiary.Number(row[2]))]));
        }

        var before = new double[ReferenceDiary.Respondents.Count];
        Array.Fill(before, 55613000.0 / before.Length);
        return new(before, margins);
    }

    private static IndicatorRequest Request()
    {
        var names = new[] { "id", "sex", "age", "csp", "region", "day" };
        var variables = names.Select((name, column) => Variable.FromTexts(name, ReferenceDiary.Respondents.Select(row => row[column]))).ToList();
        var targets = Targets.Select(target => new Target(target.Name,
            TargetExpression.Compile(target.Expression, variables, ReferenceDiary.Respondents.Count, out _)!));
        return new([.. targets], [.. Bands.Select(text => Band.TryParse(text, BroadcastDay.French, out _)!)], Groups);
    }

    private static void Meets(string design, IndicatorTable table)
    {
        var rows = ReferenceDiary.Rows("radio/expected_designs.csv").Where(row => row[0] == design).ToList();
        Assert.Equal(40, rows.Count);
        foreach (var row in rows)
        {
            var cell = table[Array.FindIndex(Targets, target => target.Name == row[1]), Array.IndexOf(Bands, row[2]), row[3] switch
            {
                "TOTAL_RADIO" => 0,
                "GROUP_S1_S2" => 1,
                var station => table.RowOfStation(int.Parse(station[1..], CultureInfo.InvariantCulture) - 1),
            }];
            double[] points = [cell.Ac, cell.AcPct, cell.Qhm, cell.QhmPct, cell.VolumeQuarterHours, cell.DeaMinutes, cell.PdaPct];
            double[] errors = [cell.AcSe, cell.AcPctSe, cell.QhmSe, cell.QhmPctSe, cell.DeaMinutesSe, cell.PdaPctSe];
            Close(row, [4, 6, 8, 10, 12, 13, 15], points, 1e-9);
            Close(row, [5, 7, 9, 11, 14, 16], errors, 1e-7);
        }
    }

    private static void Close(string[] row, int[] columns, double[] figures, double within)
    {
        foreach (var (column, figure) in columns.Zip(figures))
        {
            var wanted = ReferenceDiary.Number(row[column]);
            Assert.True(Math.Abs(figure - wanted) <= within * Math.Abs(wanted) + 1e-9, $"{string.Join(' ', row[..4])}, column {column}: expected {row[column]}, got {figure:R}");
        }
    }
}
