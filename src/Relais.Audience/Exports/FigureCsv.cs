using System.Globalization;
using System.Text;
using Relais.Audience.Figures;
using Relais.Audience.Runs;

namespace Relais.Audience.Exports;

/// <summary>Shown figures as CSV for programs: a point, 17 digits, intervals, and a word where a figure is withheld.</summary>
internal static class FigureCsv
{
    public const string Header = "target,band,station,name,kind,interviews,listeners,withheld,"
        + "ac,ac_low,ac_high,ac_pct,ac_pct_low,ac_pct_high,qhm,qhm_low,qhm_high,qhm_pct,qhm_pct_low,qhm_pct_high,dea_min,dea_min_low,dea_min_high,pda_pct,pda_pct_low,pda_pct_high\n";

    public static string Line(ShownFigure f)
    {
        var line = new StringBuilder();
        foreach (var text in (string[])[f.Target, f.Band, f.Station, f.Name, f.Kind.ToString()])
            line.Append(FigureFile.Text(Inert(text))).Append(',');
        line.Append(CultureInfo.InvariantCulture, $"{f.Interviews},");
        line.Append(f.Withheld is Numerics.Radio.Suppression.TooFewListeners ? "" : f.Listeners.ToString(CultureInfo.InvariantCulture)).Append(',').Append(f.Withheld?.ToString());
        foreach (var estimate in Estimates(f))
        {
            foreach (var value in estimate is null ? [double.NaN, double.NaN, double.NaN] : (double[])[estimate.Value, estimate.Low, estimate.High])
                line.Append(',').Append(double.IsFinite(value) ? value.ToString("G17", CultureInfo.InvariantCulture) : "");
        }

        return line.Append('\n').ToString();
    }

    public static IEnumerable<Estimate?> Estimates(ShownFigure f) =>
        ((Measure[])[Measure.Ac, Measure.AcPct, Measure.Qhm, Measure.QhmPct, Measure.Dea, Measure.Pda]).Select(m => f.Values?.Of(m));

    /// <summary>A spreadsheet takes a text that begins so for a formula.</summary>
    public static string Inert(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{text}" : text;
}
