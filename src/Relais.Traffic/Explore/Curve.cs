using System.Globalization;
using System.Net;
using System.Text;
using Relais.Traffic.Markers;
using Relais.Traffic.Reports;

namespace Relais.Traffic.Explore;

/// <summary>Values over times as SVG, with the styles of the portal's charts.</summary>
internal static class Curve
{
    private const int Left = 64;
    private const int Right = 12;
    private const int Top = 10;
    private const int Bottom = 26;
    private const int Steps = 4;

    // Lines are told apart without their colours too.
    private static readonly string[] Dashes = ["none", "8 4", "2 3", "12 4 2 4", "5 5", "1 5"];

    public static string DashOf(int column) => Dashes[column % Dashes.Length];

    public static string Svg(ShownReport shown, string measure, TimeZoneInfo zone, int width, int height, string kind, IReadOnlyList<ShownMarker>? markers = null)
    {
        var (times, columns) = (shown.Times.Count, shown.Columns.Count);
        var most = 0.0;
        foreach (var value in shown.Values)
            most = Math.Max(most, value ?? 0);
        var (top, step) = Scale(most);
        double X(int at) => Left + ((width - Left - Right) * at / (double)Math.Max(1, times - 1));
        double Y(double value) => height - Bottom - ((height - Top - Bottom) * value / top);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg class="chart {kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{WebUtility.HtmlEncode(measure)}">""");
        for (var value = 0.0; value <= top + (step / 2); value += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="grid" d="M{Left} {Y(value):F1}H{width - Right}"/><text class="axis" x="{Left - 8}" y="{Y(value) + 4:F1}" text-anchor="end">{WebUtility.HtmlEncode(value.ToString(step < 1 ? "N2" : "N0", CultureInfo.CurrentCulture))}</text>""");
        }

        var labels = Math.Clamp(width / 190, 2, 6);
        for (var label = 0; label < labels; label++)
        {
            var at = label * (times - 1) / Math.Max(1, labels - 1);
            var anchor = label == 0 ? "start" : label == labels - 1 ? "end" : "middle";
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="axis" x="{X(at):F1}" y="{height - 8}" text-anchor="{anchor}">{WebUtility.HtmlEncode(ShownReport.When(shown.Times[at], zone))}</text>""");
        }

        foreach (var marker in markers ?? [])
        {
            if (PlaceOf(shown.Times, marker.At) is not { } place)
                continue;
            // Its name is written to the side that has room.
            var (x, late) = (Left + ((width - Left - Right) * place / Math.Max(1, times - 1)), place > (times - 1) * 0.6);
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="event" d="M{x:F1} {Top}V{height - Bottom}"/><text class="event" x="{(late ? x - 6 : x + 6):F1}" y="{Top + 10}" text-anchor="{(late ? "end" : "start")}">{WebUtility.HtmlEncode(marker.Name)}</text>""");
        }

        for (var column = columns - 1; column >= 0; column--)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="line s{column}" stroke-dasharray="{DashOf(column)}" fill="none" d="{Path(shown, column, X, Y)}"/>""");
        }

        return svg.Append("</svg>").ToString();
    }

    // Where a moment lies among the times; null when it is in none of them.
    private static double? PlaceOf(IReadOnlyList<Bucket> times, long at)
    {
        for (var i = 0; i < times.Count; i++)
        {
            if (at >= times[i].Start && at < times[i].Stop)
                return Math.Min(times.Count - 1, i + ((at - times[i].Start) / (double)(times[i].Stop - times[i].Start)));
        }

        return null;
    }

    // Where there is no row, nothing happened.
    private static string Path(ShownReport shown, int column, Func<int, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        for (var at = 0; at < shown.Times.Count; at++)
            path.Append(CultureInfo.InvariantCulture, $"{(at == 0 ? 'M' : 'L')}{x(at):F1} {y(shown.Values[at, column] ?? 0):F1}");
        return path.ToString();
    }

    private static (double Top, double Step) Scale(double most)
    {
        if (most <= 0)
            return (1, 1);
        var rough = most / Steps;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return (Math.Ceiling(most / step) * step, step);
    }
}
