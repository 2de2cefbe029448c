using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Relais.Audience.Figures;

namespace Relais.Audience.Runs;

/// <summary>Results as the CSV file of <c>relais indicators</c>: 17 significant digits, so that the same numbers are read back.</summary>
internal static class FigureFile
{
    public const string Header =
        "target,band,station,n,n_listeners,universe,ac,ac_se,ac_pct,ac_pct_se,qhm,qhm_se,qhm_pct,qhm_pct_se,volume_quarter_hours,dea_min,dea_min_se,pda_pct,pda_pct_se";

    public static string Line(Figure f)
    {
        var line = new StringBuilder();
        line.Append(Text(f.Target)).Append(',').Append(Text(f.Band)).Append(',').Append(Text(f.Station));
        line.Append(CultureInfo.InvariantCulture, $",{f.Interviews},{f.Listeners}");
        foreach (var value in (double[])[f.Universe, f.Ac, f.AcSe, f.AcPct, f.AcPctSe, f.Qhm, f.QhmSe, f.QhmPct, f.QhmPctSe, f.Volume, f.Dea, f.DeaSe, f.Pda, f.PdaSe])
            line.Append(',').Append(double.IsNaN(value) ? "" : value.ToString("G17", CultureInfo.InvariantCulture));
        return line.Append('\n').ToString();
    }

    /// <summary>Of the whole file.</summary>
    public static string Sha256(IEnumerable<Figure> figures)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(Header + "\n"));
        foreach (var figure in figures)
            sha.AppendData(Encoding.UTF8.GetBytes(Line(figure)));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    public static string Text(string value) =>
        value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
