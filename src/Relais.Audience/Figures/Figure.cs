using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Figures;

/// <summary>A row of a run's results: one audience in one band among one target. Not a number stands for what nothing can be said of.</summary>
internal sealed class Figure
{
    public const string TotalRadio = "TOTAL_RADIO";

    public Guid RunId { get; init; }

    /// <summary>Its place in the exported file.</summary>
    public int Place { get; init; }

    public required string Target { get; init; }

    public required string Band { get; init; }

    /// <summary><see cref="TotalRadio"/>, a group's name or a station's code.</summary>
    public required string Station { get; init; }

    public RowKind Kind { get; init; }

    public int Interviews { get; init; }

    public int Listeners { get; init; }

    public double Universe { get; init; }

    public double Ac { get; init; }

    public double AcSe { get; init; }

    public double AcPct { get; init; }

    public double AcPctSe { get; init; }

    public double Qhm { get; init; }

    public double QhmSe { get; init; }

    public double QhmPct { get; init; }

    public double QhmPctSe { get; init; }

    public double Volume { get; init; }

    public double Dea { get; init; }

    public double DeaSe { get; init; }

    public double Pda { get; init; }

    public double PdaSe { get; init; }
}

/// <summary>The audience of each quarter hour of the day, in per cent of the target.</summary>
internal sealed class Curve
{
    public Guid RunId { get; init; }

    public required string Target { get; init; }

    public required string Station { get; init; }

    public int Interviews { get; init; }

    public int Listeners { get; init; }

    public required double[] Pct { get; init; }

    public required double[] Se { get; init; }
}
