using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Numerics.Tests.Calibration;

public sealed class Infeasible
{
    [Theory]
    [InlineData("clus1.cal.stype_api99.logit.b0.9-1.1", CalibrationMethod.Logit)]
    [InlineData("clus1.cal.stype_api99.trunclin.b0.9-1.1", CalibrationMethod.Truncated)]
    public void Bounds_that_are_too_tight_are_refused_with_the_cells_that_they_hold_back(string name, CalibrationMethod method)
    {
        Assert.Equal(1, Api.Figures(name)["infeasible_or_failed"]);
        var reach = OutOfReach(Api.Problem("stype,api99"), method, 0.9, 1.1);

        // 14 high schools of weight 33.847 count at most 521 of 755, and 25 middle schools at most 931 of 1018.
        Assert.Equal(["stype=H", "stype=M"], reach.Alone.Select(s => s.Column));
        Assert.Equal(14 * 33.846996307373047 * 1.1, reach.Alone[0].Nearest, 1e-9);
        Assert.Contains(reach.Together, s => s.Column == "stype=H" && s.Nearest < 522);
    }

    [Fact]
    public void How_far_the_bounds_would_have_to_be_opened_is_told_and_holds()
    {
        var problem = Api.Problem("stype,api99");
        var reach = OutOfReach(problem, CalibrationMethod.Truncated, 0.9, 1.1);
        var opening = Assert.IsType<Opening>(reach.Both);
        var bounds = opening.Bounds;
        Assert.True(opening.Precision < 1e-5, $"{opening}");
        Assert.IsType<CalibrationOutcome.Met>(Calibrate.Run(problem, new CalibrationSettings(CalibrationMethod.Truncated) { Bounds = bounds, Tolerance = 1e-7 }));
        var tighter = new Bounds(bounds.Lower + opening.Precision + 1e-5, bounds.Upper - opening.Precision - 1e-5);
        Assert.IsType<CalibrationOutcome.Refused>(Calibrate.Run(problem, new CalibrationSettings(CalibrationMethod.Truncated) { Bounds = tighter }));

        // With nobody below 0.9 of their weight, api99 comes out too large however high the others may go.
        Assert.Null(reach.UpperOnly);
        Assert.Null(reach.LowerOnly);
    }

    [Fact]
    public void Opening_only_the_bound_that_does_not_hold_back_is_no_help() =>
        Assert.Null(OutOfReach(Api.Problem("stype"), CalibrationMethod.Logit, 0.9, 1.1).LowerOnly);

    [Fact]
    public void The_least_upper_bound_of_one_cell_is_its_ratio()
    {
        // Elementary schools are to be cut to 0.907 and high schools raised to 1.593: the least upper bound is the latter.
        var reach = OutOfReach(Api.Problem("stype"), CalibrationMethod.Truncated, 0.9, 1.1);
        var opening = Assert.IsType<Opening>(reach.UpperOnly);
        Assert.Equal(755 / (14 * 33.846996307373047), opening.Bounds.Upper, 1e-5);
        Assert.Equal(0.9, opening.Bounds.Lower);
    }

    [Fact]
    public void Opening_both_bounds_never_asks_for_weights_below_zero()
    {
        // The one man counts for eight: in proportion, 0.9 would go to -6 when 1.1 goes to 8.
        var opening = Assert.IsType<Opening>(OutOfReach(Problem([("sex", "FFFFFFFFFM", [12, 8])]), CalibrationMethod.Logit, 0.9, 1.1).Both);
        Assert.Equal(0, opening.Bounds.Lower);
        Assert.Equal(8, opening.Bounds.Upper, 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_least_opening_holds_for_thousands_of_respondents_too(bool withNumber)
    {
        var (random, sizes, size) = (new Random(11), new[] { 2, 6, 4, 8 }, 4000);
        var (weights, codes, totals) = (new double[size], sizes.Select(_ => new ushort[size]).ToArray(), sizes.Select(s => new double[s]).ToArray());
        var (number, total) = (new double[size], 0.0);
        for (var i = 0; i < size; i++)
        {
            (weights[i], number[i]) = (200 + random.NextDouble() * 500, random.NextDouble() * 10);
            for (var m = 0; m < sizes.Length; m++)
                codes[m][i] = (ushort)random.Next(sizes[m]);
            var moved = weights[i] * (0.6 + 0.8 * random.NextDouble()) * (1 + 0.2 * codes[0][i] - 0.04 * codes[1][i]);
            total += moved * number[i];
            for (var m = 0; m < sizes.Length; m++)
                totals[m][codes[m][i]] += moved;
        }

        Margin[] margins = [.. sizes.Select((s, m) => new CellMargin($"m{m}", [.. Enumerable.Range(0, s).Select(k => $"{k}")], codes[m], totals[m]))];
        var problem = new CalibrationProblem(weights, withNumber ? [.. margins, new TotalMargin("number", number, total)] : margins);
        var opening = Assert.IsType<Opening>(OutOfReach(problem, CalibrationMethod.Truncated, 0.97, 1.03).Both);
        Assert.True(opening.Precision < 1e-4, $"{opening}");
        CalibrationOutcome Within(double more) => Calibrate.Run(problem, new CalibrationSettings(CalibrationMethod.Truncated)
        {
            Bounds = new Bounds(opening.Bounds.Lower - more, opening.Bounds.Upper + more), Tolerance = 1e-8,
        });
        Assert.IsType<CalibrationOutcome.Met>(Within(1e-4));
        Assert.IsType<CalibrationOutcome.Refused>(Within(-opening.Precision - 1e-4));
    }

    [Fact]
    public void Cells_that_exclude_one_another_are_refused_with_the_nearest_totals()
    {
        // All women are young in this sample, but the totals want 60 women and 50 young people.
        var problem = Problem([("sex", "FFMM", [60, 40]), ("age", "YYYO", [50, 50])]);
        foreach (var method in new[] { CalibrationMethod.Rake, CalibrationMethod.Raking })
        {
            var refused = Assert.IsType<CalibrationOutcome.Refused>(Calibrate.Run(problem, new CalibrationSettings(method)));
            var reach = Assert.IsType<Refusal.OutOfReach>(Assert.Single(refused.Reasons));
            Assert.Empty(reach.Alone);
            Assert.Equal(["age=O", "age=Y", "sex=F", "sex=M"], reach.Together.Select(s => s.Column).Order(StringComparer.Ordinal));
            var nearest = reach.Together.ToDictionary(s => s.Column, s => s.Nearest, StringComparer.Ordinal);
            Assert.Equal(nearest["sex=F"], nearest["age=Y"], 1e-6);
            Assert.InRange(nearest["sex=F"], 50, 60);
        }
    }

    [Fact]
    public void A_level_without_respondents_is_named()
    {
        var problem = new CalibrationProblem([1, 1], [new CellMargin("sex", ["F", "M", "X"], [0, 1], [50, 40, 10])]);
        Assert.Equal(new Refusal.EmptyCell("sex=X", 10), Only(problem, CalibrationMethod.Rake));
    }

    [Fact]
    public void A_level_without_total_is_named()
    {
        var problem = new CalibrationProblem([1, 1, 1], [new CellMargin("sex", ["F", "M"], [0, 1, 1], [50, double.NaN])]);
        Assert.Equal(new Refusal.NoTotal("sex=M", 2, 1), Only(problem, CalibrationMethod.Linear));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_total_that_no_weights_give_is_named(double total)
    {
        var problem = new CalibrationProblem([1, 1, 1], [new CellMargin("sex", ["F", "M"], [0, 1, 1], [50, total])]);
        Assert.Equal(new Refusal.ImpossibleTotal("sex=M", total, 2), Only(problem, CalibrationMethod.Raking));
    }

    [Fact]
    public void Margins_that_sum_to_different_populations_are_named_with_both_sums()
    {
        var problem = Problem([("sex", "FFMM", [60, 40]), ("age", "YOYO", [55, 50])]);
        Assert.Equal(new Refusal.SumsDisagree("age", 105, "sex", 100), Only(problem, CalibrationMethod.Linear));
    }

    [Fact]
    public void Totals_that_the_others_determine_differently_are_named_with_what_they_follow_from()
    {
        // The interlocked margin says 35 women, and the margin of sex 40.
        var problem = Problem([("sex*age", "1122334", [10, 25, 30, 35]), ("sex", "FFFFMMM", [40, 60])]);
        var contradiction = Assert.IsType<Refusal.Contradiction>(Assert.IsType<CalibrationOutcome.Refused>(
            Calibrate.Run(problem, new CalibrationSettings(CalibrationMethod.Linear))).Reasons[0]);
        Assert.Equal("sex=F", contradiction.Column);
        Assert.Equal(40, contradiction.Target);
        Assert.Equal(35, contradiction.Implied, 1e-9);
        Assert.Equal(["sex*age=1", "sex*age=2"], contradiction.Others);
    }

    [Fact]
    public void Totals_that_the_others_determine_alike_are_redundant_and_no_reason_to_refuse()
    {
        var problem = Problem([("sex*age", "1122334", [10, 25, 30, 35]), ("sex", "FFFFMMM", [35, 65])]);
        foreach (var method in new[] { CalibrationMethod.Linear, CalibrationMethod.Raking })
        {
            var met = Assert.IsType<CalibrationOutcome.Met>(Calibrate.Run(problem, new CalibrationSettings(method)));
            Assert.Equal(["sex=F", "sex=M"], met.Fit.Redundant);
            Assert.Equal(5, met.Weights[0], 1e-9);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    public void A_design_weight_that_is_not_positive_is_named(double weight)
    {
        var problem = new CalibrationProblem([1, weight], [new CellMargin("sex", ["F", "M"], [0, 1], [50, 40])]);
        Assert.Equal(new Refusal.BadWeight(1, weight), Only(problem, CalibrationMethod.Rake));
    }

    [Fact]
    public void Weights_that_the_linear_method_makes_negative_are_counted()
    {
        var problem = new CalibrationProblem([1, 1, 1, 1], [new TotalMargin("one", [1, 1, 1, 1], 4), new TotalMargin("x", [0, 1, 2, 10], 39)]);
        var met = Assert.IsType<CalibrationOutcome.Met>(Calibrate.Run(problem, new CalibrationSettings(CalibrationMethod.Linear)));
        Assert.Equal(met.Weights.Count(w => w < 0), met.Fit.NegativeWeights);
        Assert.True(met.Fit.NegativeWeights > 0);
    }

    private static Refusal.OutOfReach OutOfReach(CalibrationProblem problem, CalibrationMethod method, double lower, double upper) =>
        Assert.IsType<Refusal.OutOfReach>(Assert.Single(Assert.IsType<CalibrationOutcome.Refused>(Calibrate.Run(problem, Api.Settings(method, lower, upper))).Reasons));

    private static Refusal Only(CalibrationProblem problem, CalibrationMethod method) =>
        Assert.Single(Assert.IsType<CalibrationOutcome.Refused>(Calibrate.Run(problem, new CalibrationSettings(method))).Reasons);

    /// <summary>Margins whose levels are letters, in the order in which they are met.</summary>
    private static CalibrationProblem Problem((string Name, string Levels, double[] Totals)[] margins) => new(
        [.. margins[0].Levels.Select(_ => 1.0)],
        [.. margins.Select(m =>
        {
            var levels = m.Levels.Distinct().Select(c => c.ToString()).ToArray();
            return new CellMargin(m.Name, levels, [.. m.Levels.Select(c => (ushort)Array.IndexOf(levels, c.ToString()))], m.Totals);
        })]);
}
