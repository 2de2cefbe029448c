using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Tests.Variance;

public sealed class ReplicatesTests
{
    private const int Drawn = 2000;

    // Bootstrap of few clusters is itself a little off; the Monte Carlo error of a standard error is 1 / sqrt(2 x 2000) = 1.6 %.
    private const double ThreeErrors = 0.05;

    private static readonly SurveyDesign Schools = new(Api.Schools.Numbers("pw"), null, [.. Api.Schools.Numbers("dnum").Select(d => (int)d)], Api.Schools.Numbers("fpc"));

    [Fact]
    public void The_jackknife_of_a_total_is_its_linearised_error()
    {
        var y = Api.Schools.Numbers("enroll");
        var taylor = new Estimator(Schools, Residuals.None).Total(y).StandardError;
        Assert.Equal(taylor, Replicates.Jackknife(Schools).Of(w => Sum(w, y)).StandardError, 1e-8 * taylor);
    }

    [Fact]
    public void The_bootstrap_agrees_with_linearisation_within_its_error()
    {
        var (y, x) = (Api.Schools.Numbers("enroll"), Api.Schools.Numbers("api_stu"));
        var (estimator, bootstrap) = (new Estimator(Schools, Residuals.None), Replicates.Bootstrap(Schools, Drawn, seed: 1));
        AssertNear(estimator.Total(y), bootstrap.Of(w => Sum(w, y)));
        AssertNear(estimator.Ratio(x, y), bootstrap.Of(w => Sum(w, x) / Sum(w, y)), 0.1);
    }

    [Fact]
    public void A_stratified_sample_agrees_with_linearisation_too()
    {
        var random = new Random(7);
        var strata = Enumerable.Range(0, 600).Select(i => i % 5).ToArray();
        var weights = strata.Select(h => 10.0 + h).ToArray();
        var y = strata.Select(h => 5 * h + random.NextDouble() * (1 + h)).ToArray();
        var ones = strata.Select(_ => 1.0).ToArray();
        var design = new SurveyDesign(weights, strata, null, [.. strata.Select(h => 200.0 + h)]);
        var estimator = new Estimator(design, Residuals.None);
        AssertNear(estimator.Mean(y), Replicates.Bootstrap(design, Drawn, seed: 3).Of(w => Sum(w, y) / Sum(w, ones)));
        AssertNear(estimator.Mean(y), Replicates.Jackknife(design).Of(w => Sum(w, y) / Sum(w, ones)), 1e-3);
    }

    [Fact]
    public void Calibrating_each_replicate_again_agrees_with_the_regression_residuals()
    {
        var (problem, y) = (Api.Problem("stype"), Api.Schools.Numbers("enroll"));
        var weights = Weights(problem, problem.DesignWeights);
        var design = new SurveyDesign(weights, null, [.. Api.Schools.Numbers("dnum").Select(d => (int)d)], Api.Schools.Numbers("fpc"));
        var taylor = new Estimator(design, Residuals.Regression(problem)).Total(y);
        var jackknife = Replicates.Jackknife(design).Of(w => Sum(Weights(problem, w), y), problem.DesignWeights);
        Assert.Equal(taylor.Value, jackknife.Value, 1e-9 * taylor.Value);
        AssertNear(taylor, jackknife, 0.3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_replicates_and_another_seed_others()
    {
        var y = Api.Schools.Numbers("enroll");
        var first = Replicates.Bootstrap(Schools, 50, seed: 5);
        Assert.Equal(first.Weights(17, Schools.Weights), Replicates.Bootstrap(Schools, 50, seed: 5).Weights(17, Schools.Weights));
        Assert.NotEqual(first.Of(w => Sum(w, y)), Replicates.Bootstrap(Schools, 50, seed: 6).Of(w => Sum(w, y)));
    }

    private static double[] Weights(CalibrationProblem problem, double[] design)
    {
        // A cluster that is left out counts nothing; a weight of zero is no design weight.
        var kept = Enumerable.Range(0, design.Length).Where(i => design[i] > 0).ToArray();
        var margin = (CellMargin)problem.Margins[0];
        var part = new CellMargin(margin.Name, margin.Levels, [.. kept.Select(i => margin.Codes[i])], margin.Totals.ToArray());
        var met = Assert.IsType<CalibrationOutcome.Met>(Calibrate.Run(new CalibrationProblem([.. kept.Select(i => design[i])], [part]), new CalibrationSettings(CalibrationMethod.Linear)));
        var weights = new double[design.Length];
        for (var k = 0; k < kept.Length; k++)
            weights[kept[k]] = met.Weights[k];
        return weights;
    }

    private static double Sum(double[] weights, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < y.Length; i++)
            sum += weights[i] * y[i];
        return sum;
    }

    private static void AssertNear(Estimate expected, Estimate actual, double within = ThreeErrors) =>
        Assert.True(Math.Abs(actual.StandardError / expected.StandardError - 1) < within, $"{actual} instead of {expected}");
}
