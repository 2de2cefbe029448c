using Microsoft.Extensions.Localization;
using Relais.Audience.Studies;

namespace Relais.Audience.Figures;

internal static class BandWords
{
    /// <summary>A band as people say it: its label, and when it is: "Matin (6 h – 9 h)".</summary>
    public static string Of(BandSetting band, IStringLocalizer text)
    {
        var times = string.Join(" + ", band.Text.Split('+').Select(Times));
        return band.Label.Length == 0 ? times : text["Band.Words", band.Label, times];
    }

    private static string Times(string interval)
    {
        var ends = interval.Split('-');
        return $"{Clock(ends[0])} – {Clock(ends[^1])}";
    }

    private static string Clock(string hhmm) =>
        int.TryParse(hhmm, System.Globalization.CultureInfo.InvariantCulture, out var number) ? FigureWords.Clock(number / 100 * 60 + number % 100) : hhmm;
}
