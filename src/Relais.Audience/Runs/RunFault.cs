using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Runs;

/// <summary>Why a run failed, as a code that pages have words for, with what the words name.</summary>
internal sealed record RunFault(string Code, params IReadOnlyList<string> Named)
{
    /// <summary>Numbers that the words name, after <see cref="Named"/>.</summary>
    public IReadOnlyList<double> Numbers { get; init; } = [];

    /// <summary>Cells that can't be met, with what can.</summary>
    public IReadOnlyList<Shortfall> Cells { get; init; } = [];
}

/// <summary>How a run's weights came out.</summary>
internal sealed record RunReport(CalibrationFit Fit, WeightReport Weights);
