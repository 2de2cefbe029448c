using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Numerics.Tests.Calibration;

/// <summary>Every case of Reference/calibration: weights within 1e-8 of R's, relative.</summary>
public sealed class SurveyCases
{
    public static TheoryData<string, CalibrationMethod, string, double, double> Cases => Api.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_are_those_of_survey(string name, CalibrationMethod method, string margins, double lower, double upper)
    {
        var met = Assert.IsType<CalibrationOutcome.Met>(Calibrate.Run(Api.Problem(margins), Api.Settings(method, lower, upper)));
        var expected = Api.Expected(name);
        Assert.Equal(expected.Length, met.Weights.Length);
        var largest = expected.Zip(met.Weights, (e, w) => Math.Abs(w / e - 1)).Max();
        Assert.True(largest <= Api.Tolerance(name, 1e-8), $"{largest}, after {met.Fit}");
    }
}
