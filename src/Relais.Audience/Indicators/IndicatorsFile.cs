using Relais.Audience.Files;
using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Indicators;

/// <summary>Indicators as CSV: total radio, groups, and stations in natural order; a figure that does not exist is left empty.</summary>
internal static class IndicatorsFile
{
    public const string TotalRadio = "TOTAL_RADIO";

    private const string Header = "target,band,station,n,n_listeners,universe,ac,ac_se,ac_pct,ac_pct_se,qhm,qhm_se,qhm_pct,qhm_pct_se,"
        + "volume_quarter_hours,dea_min,dea_min_se,pda_pct,pda_pct_se";

    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="rule">When given, a column <c>withheld</c> says why a row has no figures.</param>
    public static void Write(string path, IndicatorTable table, IReadOnlyList<string> stations, PublicationRule? rule)
    {
        var groups = table.Request.Groups.Count;
        int[] rows =
        [
            .. Enumerable.Range(0, 1 + groups),
            .. Enumerable.Range(0, stations.Count).OrderBy(station => stations[station], NaturalOrder.Comparer).Select(table.RowOfStation),
        ];
        using var file = WholeFile.Create(path);
        file.Write(Header).Write(rule is null ? "\n" : ",withheld\n");
        for (var target = 0; target < table.Request.Targets.Count; target++)
        {
            for (var band = 0; band < table.Request.Bands.Count; band++)
            {
                foreach (var row in rows)
                {
                    file.WriteValue(table.Request.Targets[target].Name).Write(",").WriteValue(table.Request.Bands[band].Name).Write(",");
                    file.WriteValue(NameOf(table, row, stations)).Write(",");
                    Row(file, table[target, band, row], rule);
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

    private static void Row(WholeFile file, Numerics.Radio.Indicators cell, PublicationRule? rule)
    {
        file.Write(cell.Interviews).Write(",");
        switch (rule?.Apply(cell))
        {
            case Publication.Withheld withheld:
                file.Write(new string(',', 15)).Write(",").WriteValue(Reason(withheld)).Write("\n");
                return;
            case Publication.Shown shown:
                Figures(file, shown.Indicators);
                file.Write(",\n");
                return;
            case null:
                Figures(file, cell);
                file.Write("\n");
                return;
        }
    }

    private static void Figures(WholeFile file, Numerics.Radio.Indicators cell)
    {
        file.Write(cell.Listeners);
        foreach (var figure in (ReadOnlySpan<double>)
            [
                cell.Universe, cell.Ac, cell.AcSe, cell.AcPct, cell.AcPctSe, cell.Qhm, cell.QhmSe, cell.QhmPct, cell.QhmPctSe,
                cell.VolumeQuarterHours, cell.DeaMinutes, cell.DeaMinutesSe, cell.PdaPct, cell.PdaPctSe,
            ])
        {
            file.Write(",");
            if (double.IsFinite(figure))
                file.Write(figure);
        }
    }

    private static string Reason(Publication.Withheld withheld) => withheld.Reason switch
    {
        Suppression.TooFewInterviews => FormattableString.Invariant($"fewer than {withheld.Wanted} interviews"),
        Suppression.TooFewListeners => FormattableString.Invariant($"fewer than {withheld.Wanted} listeners"),
    };
}
