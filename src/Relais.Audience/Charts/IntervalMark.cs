using Relais.Audience.Figures;

namespace Relais.Audience.Charts;

/// <summary>An estimate as a dot and its interval as a line, small enough for a cell of a table.</summary>
internal static class IntervalMark
{
    private const int Width = 150;
    private const int Height = 18;

    public static string Draw(Estimate estimate, double most, string label)
    {
        var svg = new Svg(Width, Height, label, "interval", alone: false);
        double X(double value) => 5 + (Width - 10) * Math.Clamp(value / most, 0, 1);
        svg.Line(5, Height / 2.0, Width - 5, Height / 2.0, "grid");
        if (double.IsFinite(estimate.Low) && double.IsFinite(estimate.High))
            svg.Rect(X(estimate.Low), (Height / 2.0) - 3, X(estimate.High) - X(estimate.Low), 6, "span");
        svg.Dot(X(estimate.Value), Height / 2.0, "s0");
        return svg.End();
    }
}
