using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>Standard errors over bootstrap replicates, each in the unit of its indicator.</summary>
/// <remarks>
/// Replicates in which a figure divides by nothing do not count for it, and with fewer than two left it is not a number. A figure of a handful of
/// listeners has such replicates: its error is then that of the samples in which it exists.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BootstrapErrors(double Ac, double AcPct, double Qhm, double QhmPct, double DeaMinutes, double PdaPct);

/// <summary>Bootstrap standard errors for every target, band and row of a request; rows as in <see cref="IndicatorTable"/>.</summary>
public sealed class BootstrapTable
{
    private readonly BootstrapErrors[] _cells;

    internal BootstrapTable(IndicatorTable points, int replicates)
    {
        (Points, Replicates) = (points, replicates);
        _cells = new BootstrapErrors[points.Request.Targets.Count * points.Request.Bands.Count * points.Rows];
    }

    /// <summary>The same table with points and Taylor standard errors.</summary>
    public IndicatorTable Points { get; }

    public int Replicates { get; }

    public BootstrapErrors this[int target, int band, int row]
    {
        get => _cells[Points.Cell(target, band, row)];
        internal set => _cells[Points.Cell(target, band, row)] = value;
    }
}
