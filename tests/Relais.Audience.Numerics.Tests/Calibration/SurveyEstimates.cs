using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Tests.Calibration;

/// <summary>Every quantity of Reference/calibration: points within 1e-8 of R's, standard errors within 1e-7, relative.</summary>
public sealed class SurveyEstimates
{
    public static TheoryData<string, CalibrationMethod, string, double, double> Cases => Api.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Estimates_of_calibrated_weights_are_those_of_survey(string name, CalibrationMethod method, string margins, double lower, double upper)
    {
        var problem = Api.Problem(margins);
        var met = Assert.IsType<CalibrationOutcome.Met>(Calibrate.Run(problem, Api.Settings(method, lower, upper)));
        Check(name, met.Weights, Residuals.Of(problem, method), withFpc: true);

        var report = WeightReport.Of(problem, met.Weights, Api.Settings(method, lower, upper).Bounds);
        var figures = Api.Figures(name);
        Close(figures["kish_neff"], report.EffectiveSize, Api.Tolerance(name, 1e-8), "kish_neff");
        Close(figures["sum_w"], report.Sum, 1e-8, "sum_w");
        Close(figures["min_w"], report.Least, Api.Tolerance(name, 1e-8), "min_w");
        Close(figures["max_w"], report.Most, Api.Tolerance(name, 1e-8), "max_w");
        if (figures.TryGetValue("g_min", out var least))
            Close(least, report.LeastRatio, 1e-8, "g_min");
        if (figures.TryGetValue("g_max", out var most))
            Close(most, report.MostRatio, 1e-8, "g_max");
        if (figures.TryGetValue("n_at_low", out var atLower))
            Assert.Equal((atLower, figures["n_at_high"]), (met.Fit.AtLower, met.Fit.AtUpper));
    }

    [Theory]
    [InlineData("clus1.base.fpc", true)]
    [InlineData("clus1.base.nofpc", false)]
    public void Estimates_of_design_weights_are_those_of_survey(string name, bool withFpc) =>
        Check(name, Api.Schools.Numbers("pw"), Residuals.None, withFpc);

    private static void Check(string name, double[] weights, Residuals residuals, bool withFpc)
    {
        var design = new SurveyDesign(weights, null, [.. Api.Schools.Numbers("dnum").Select(d => (int)d)], withFpc ? Api.Schools.Numbers("fpc") : null);
        var estimator = new Estimator(design, residuals);
        var checkedOnes = 0;
        foreach (var (quantity, value) in Api.Figures(name))
        {
            var (kind, variable) = quantity.Split(':') is [var k, var v] ? (k, v) : (quantity, "");
            var isError = kind.EndsWith("_se", StringComparison.Ordinal);
            if (variable.Length == 0)
                continue;
            var estimate = Estimate(estimator, isError ? kind[..^3] : kind, variable);
            Close(value, isError ? estimate.StandardError : estimate.Value, Api.Tolerance(name, isError ? 1e-7 : 1e-8), quantity);
            checkedOnes++;
        }

        Assert.Equal(18, checkedOnes);
    }

    private static Estimate Estimate(Estimator estimator, string kind, string variable) => (kind, variable.Split('=', '/', '|')) switch
    {
        ("mean", [var y]) => estimator.Mean(Api.Schools.Numbers(y)),
        ("total", [var y]) => estimator.Total(Api.Schools.Numbers(y)),
        ("ratio", [var y, var x]) => estimator.Ratio(Api.Schools.Numbers(y), Api.Schools.Numbers(x)),
        ("prop", [var v, var level]) => estimator.Mean([.. Api.Schools.Texts(v).Select(t => t == level ? 1.0 : 0.0)]),
        ("domain_mean" or "domain", [var y, var level]) => estimator.Mean(Api.Schools.Numbers(y), [.. Api.Schools.Texts("stype").Select(t => t == level)]),
        _ => throw new ArgumentException($"{kind}:{variable}", nameof(kind)),
    };

    private static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), FormattableString.Invariant($"{what}: {actual:R} instead of {expected:R}"));
}
