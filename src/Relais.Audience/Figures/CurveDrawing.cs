using Microsoft.Extensions.Localization;
using Relais.Audience.Charts;
using Relais.Audience.Waves;

namespace Relais.Audience.Figures;

/// <summary>Curves of a wave, ready to be drawn.</summary>
internal static class CurveDrawing
{
    public static async Task<LineChart> OfAsync(
        ReadFigures read, ShownWave shown, string target, IReadOnlyList<string> stations, IStringLocalizer text, CancellationToken cancel)
    {
        var curves = await read.CurvesAsync(shown, target, stations, cancel);
        var series = curves.Select(c =>
        {
            var intervals = c.Pct.Select((value, q) => Estimate.Percentage(value, c.Se[q], c.Interviews)).ToList();
            var name = c.Station == Figure.TotalRadio ? text["Radio.Total"].Value : shown.NameOf(c.Station);
            return new Series(name, c.Pct, [.. intervals.Select(i => i.Low)], [.. intervals.Select(i => i.High)]);
        }).ToList();
        return new LineChart(text["Curves.Label", target, string.Join(", ", series.Select(s => s.Name))], shown.Settings.Study.Day.StartMinutes, series);
    }

    public static string Address(Guid wave, string target, IEnumerable<string> stations, Guid? run) =>
        $"/api/audience/waves/{wave}/curves.svg?target={Uri.EscapeDataString(target)}" + string.Concat(stations.Select(s => $"&s={Uri.EscapeDataString(s)}")) + (run is null ? "" : $"&run={run}");
}
