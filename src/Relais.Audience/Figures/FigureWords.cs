using System.Globalization;

namespace Relais.Audience.Figures;

/// <summary>Numbers as readers of their language write them.</summary>
internal static class FigureWords
{
    public static string Value(Measure measure, double value) => measure switch
    {
        Measure.Ac or Measure.Qhm => (value / 1000).ToString("N0", CultureInfo.CurrentCulture),
        Measure.Dea => Minutes(value),
        Measure.AcPct or Measure.QhmPct or Measure.Pda => value.ToString("N1", CultureInfo.CurrentCulture),
    };

    public static string Interval(Measure measure, Estimate estimate) => $"{Value(measure, estimate.Low)} – {Value(measure, estimate.High)}";

    public static string Signed(Measure measure, double value)
    {
        var text = Value(measure, Math.Abs(value));
        // What is rounded to nothing went neither way.
        return text == Value(measure, 0) ? text : value < 0 ? $"−{text}" : $"+{text}";
    }

    /// <summary>Minutes as hours and minutes: 2 h 45 in French, 2:45 in English.</summary>
    public static string Minutes(double minutes)
    {
        if (double.IsNaN(minutes))
            return "–";
        var whole = (int)Math.Round(minutes);
        var french = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr";
        return french ? $"{whole / 60}\u202fh\u202f{whole % 60:00}" : $"{whole / 60}:{whole % 60:00}";
    }

    /// <summary>A clock time of the broadcast day: 6 h or 6 h 15 in French, 06:15 in English.</summary>
    public static string Clock(int minutes)
    {
        var (hour, rest) = (minutes / 60 % 24, minutes % 60);
        if (minutes == 24 * 60)
            hour = 24;
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName != "fr")
            return $"{hour:00}:{rest:00}";
        return rest == 0 ? $"{hour}\u202fh" : $"{hour}\u202fh\u202f{rest:00}";
    }

    public static string Percent(double value, int digits = 1) => (value / 100).ToString($"P{digits}", CultureInfo.CurrentCulture);

    public static string Number(double value, int digits = 0) => value.ToString($"N{digits}", CultureInfo.CurrentCulture);
}
