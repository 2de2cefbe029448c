using Relais.Audience.Files;
using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Indicators;

/// <summary>Indicators as CSV: total radio, groups, and stations in natural order; a figure that does not exist is left empty.</summary>
internal static class IndicatorsFile
{
    public const string TotalRadio = "TOTAL_RADIO";

    private const string Header = "target,band,station,n,n_listeners,universe,ac,ac_se,ac_pct,ac_pct_se,qhm,qhm_se,qhm_pct,qhm_pct_se,"
        + "volume_quarter_hours,dea_min,dea_min_se,pda_pct,pda_pct_se";

    private const string Limits = ",ac_pct_low,ac_pct_high,qhm_pct_low,qhm_pct_high,dea_min_low,dea_min_high,pda_pct_low,pda_pct_high";

    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="level">When given, columns with the limits of intervals: logit for AC in per cent, normal for the others.</param>
    /// <param name="rule">When given, a column <c>withheld</c> says why a row has no figures.</param>
    public static void Write(string path, IndicatorTable table, IReadOnlyList<string> stations, PublicationRule? rule, double? level)
    {
        var groups = table.Request.Groups.Count;
        int[] rows =
        [
            .. Enumerable.Range(0, 1 + groups),
            .. Enumerable.Range(0, stations.Count).OrderBy(station => stations[station], NaturalOrder.Comparer).Select(table.RowOfStation),
        ];
        using var file = WholeFile.Create(path);
        file.Write(Header).Write(level is null ? "" : Limits).Write(rule is null ? "\n" : ",withheld\n");
        for (var target = 0; target < table.Request.Targets.Count; target++)
        {
            for (var band = 0; band < table.Request.Bands.Count; band++)
            {
                foreach (var row in rows)
                {
                    file.WriteValue(table.Request.Targets[target].Name).Write(",").WriteValue(table.Request.Bands[band].Name).Write(",");
                    file.WriteValue(NameOf(table, row, stations)).Write(",");
                    Row(file, table[target, band, row], rule, level);
                }
            }
        }

        file.Keep();
    }

    private static string NameOf(IndicatorTable table, int row, IReadOnlyList<string> stations) => table.RowAt(row) switch
    {
        { Kind: RowKind.TotalRadio } => TotalRadio,
        { Kind: RowKind.Group, Number: var group } => table.Request.Groups[group].Name,
        { Number: var station } => stations[station],
    };

    private static void Row(WholeFile file, Numerics.Radio.Indicators cell, PublicationRule? rule, double? level)
    {
        file.Write(cell.Interviews).Write(",");
        switch (rule?.Apply(cell))
        {
            case Publication.Withheld withheld:
                file.Write(new string(',', level is null ? 16 : 24)).WriteValue(Reason(withheld)).Write("\n");
                return;
            case Publication.Shown shown:
                Figures(file, shown.Indicators, level);
                file.Write(",\n");
                return;
            case null:
                Figures(file, cell, level);
                file.Write("\n");
                return;
        }
    }

    private static void Figures(WholeFile file, Numerics.Radio.Indicators cell, double? level)
    {
        file.Write(cell.Listeners);
        foreach (var figure in (ReadOnlySpan<double>)
            [
                cell.Universe, cell.Ac, cell.AcSe, cell.AcPct, cell.AcPctSe, cell.Qhm, cell.QhmSe, cell.QhmPct, cell.QhmPctSe,
                cell.VolumeQuarterHours, cell.DeaMinutes, cell.DeaMinutesSe, cell.PdaPct, cell.PdaPctSe,
            ])
        {
            Figure(file, figure);
        }

        if (level is not { } wanted)
            return;
        foreach (var interval in (ReadOnlySpan<ConfidenceInterval>)
            [
                ConfidenceInterval.Percentage(cell.AcPct, cell.AcPctSe, cell.Interviews, wanted), ConfidenceInterval.Normal(cell.QhmPct, cell.QhmPctSe, wanted),
                ConfidenceInterval.Normal(cell.DeaMinutes, cell.DeaMinutesSe, wanted), ConfidenceInterval.Normal(cell.PdaPct, cell.PdaPctSe, wanted),
            ])
        {
            Figure(file, interval.Low);
            Figure(file, interval.High);
        }
    }

    private static void Figure(WholeFile file, double figure)
    {
        file.Write(",");
        if (double.IsFinite(figure))
            file.Write(figure);
    }

    private static string Reason(Publication.Withheld withheld) => withheld.Reason switch
    {
        Suppression.TooFewInterviews => FormattableString.Invariant($"fewer than {withheld.Wanted} interviews"),
        Suppression.TooFewListeners => FormattableString.Invariant($"fewer than {withheld.Wanted} listeners"),
    };
}
