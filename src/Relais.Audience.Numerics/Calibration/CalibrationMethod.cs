using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Calibration;

/// <summary>How weights are moved to the totals: the distance of Deville and Särndal (1992) that is kept small, or an older algorithm.</summary>
public enum CalibrationMethod
{
    /// <summary>Each cell of one categorical margin is scaled to its total.</summary>
    PostStratify,

    /// <summary>Iterative proportional fitting: categorical margins in turn, until all hold (Deming and Stephan 1940; R's <c>rake</c>).</summary>
    Rake,

    /// <summary>Exponential distance, F(u) = exp u: the weights of <see cref="Rake"/>, numeric totals too; R's <c>calfun = "raking"</c>.</summary>
    Raking,

    /// <summary>F(u) = 1 + u, the generalised regression estimator. Weights may become negative.</summary>
    Linear,

    /// <summary>A smooth F between two bounds of the ratio of the new weight to the design weight.</summary>
    Logit,

    /// <summary>F(u) = 1 + u cut at the two bounds.</summary>
    Truncated,
}

/// <summary>Bounds of the ratio g of the new weight to the design weight.</summary>
/// <param name="Lower">Below 1; below 0 lets weights become negative.</param>
/// <param name="Upper">Above 1; may be infinite, but not for <see cref="CalibrationMethod.Logit"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Bounds(double Lower, double Upper);

/// <summary>What is asked of a calibration.</summary>
public sealed record CalibrationSettings(CalibrationMethod Method)
{
    /// <summary>For <see cref="CalibrationMethod.Logit"/> and <see cref="CalibrationMethod.Truncated"/>, which need them; others refuse them.</summary>
    public Bounds? Bounds { get; init; }

    /// <summary>The largest miss of a total that counts as met, relative to the total (or to the sum of the absolute terms, where larger).</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>How often the respondents may be gone through before giving up: rounds of margins for raking, Newton steps otherwise.</summary>
    public int MaxPasses { get; init; } = 1000;

    /// <summary>Is told after each pass what is done and how far the worst total is off, for those who wait; null for nobody.</summary>
    public Action<string, double>? Watch { get; init; }
}
