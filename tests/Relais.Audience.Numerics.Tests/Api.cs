using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Numerics.Tests;

/// <summary>The schools of Reference/calibration and what R's survey makes of them.</summary>
internal static class Api
{
    private static readonly Reference Margins = Reference.Read("calibration/api_population_totals.csv");
    private static readonly Reference Weights = Reference.Read("calibration/expected_weights.csv");
    private static readonly Reference Estimates = Reference.Read("calibration/expected_estimates.csv");

    public static Reference Schools { get; } = Reference.Read("calibration/apiclus1.csv");

    /// <summary>Case, method, margins, bounds.</summary>
    public static TheoryData<string, CalibrationMethod, string, double, double> Cases => new()
    {
        { "clus1.poststrat.stype", CalibrationMethod.PostStratify, "stype", 0, 0 },
        { "clus1.rake.stype_schwide.eps1e-10", CalibrationMethod.Rake, "stype,sch_wide", 0, 0 },
        { "clus1.rake.stype_schwide.default", CalibrationMethod.Rake, "stype,sch_wide", 0, 0 },
        { "clus1.rake.3margins.eps1e-10", CalibrationMethod.Rake, "stype,sch_wide,awards", 0, 0 },
        { "clus1.cal.linear.stype", CalibrationMethod.Linear, "stype", 0, 0 },
        { "clus1.cal.linear.stype_api99", CalibrationMethod.Linear, "stype,api99", 0, 0 },
        { "clus1.cal.raking.stype_api99", CalibrationMethod.Raking, "stype,api99", 0, 0 },
        { "clus1.cal.raking.stype_schwide", CalibrationMethod.Raking, "stype,sch_wide", 0, 0 },
        { "clus1.cal.logit.stype_schwide.b0.5-2", CalibrationMethod.Logit, "stype,sch_wide", 0.5, 2 },
        { "clus1.cal.stype_api99.trunclin.b0.4-1.9", CalibrationMethod.Truncated, "stype,api99", 0.4, 1.9 },
        { "clus1.cal.stype_api99.logit.b0.4-1.9", CalibrationMethod.Logit, "stype,api99", 0.4, 1.9 },
    };

    public static CalibrationProblem Problem(string margins) =>
        new(Schools.Numbers("pw"), [.. margins.Split(',').Select(MarginOf)]);

    public static CalibrationSettings Settings(CalibrationMethod method, double lower, double upper) =>
        new(method) { Bounds = upper > 0 ? new Bounds(lower, upper) : null };

    public static double[] Expected(string name) => Weights.Numbers(name);

    /// <summary>A case's quantities.</summary>
    public static Dictionary<string, double> Figures(string name) => Estimates.Texts("case").Zip(Estimates.Texts("quantity"), Estimates.Numbers("value"))
        .Where(e => e.First == name).ToDictionary(e => e.Second, e => e.Third, StringComparer.Ordinal);

    /// <summary>R's default raking stops early.</summary>
    public static double Tolerance(string name, double usual) => name.EndsWith(".default", StringComparison.Ordinal) ? 1e-4 : usual;

    private static Margin MarginOf(string variable)
    {
        var totals = Margins.Texts("variable").Zip(Margins.Texts("level"), Margins.Numbers("total"))
            .Where(t => t.First == variable).ToDictionary(t => t.Second, t => t.Third, StringComparer.Ordinal);
        return totals.TryGetValue("", out var total)
            ? new TotalMargin(variable, Schools.Numbers(variable), total)
            : Schools.Cells(variable, level => totals[level]);
    }
}
