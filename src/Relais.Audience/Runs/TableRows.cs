using Relais.Audience.Figures;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Studies;

namespace Relais.Audience.Runs;

/// <summary>Tables of indicators as rows to keep, in one order: target, band, then total radio, groups, stations.</summary>
internal static class TableRows
{
    public static List<Figure> Figures(Guid run, IndicatorTable table, StudySettings study)
    {
        var figures = new List<Figure>(table.Request.Targets.Count * table.Request.Bands.Count * table.Rows);
        for (var target = 0; target < table.Request.Targets.Count; target++)
        {
            for (var band = 0; band < table.Request.Bands.Count; band++)
            {
                for (var row = 0; row < table.Rows; row++)
                {
                    var it = table[target, band, row];
                    figures.Add(new Figure
                    {
                        RunId = run, Place = figures.Count, Target = table.Request.Targets[target].Name, Band = table.Request.Bands[band].Name,
                        Station = Name(table, row, study), Kind = table.RowAt(row).Kind, Interviews = it.Interviews, Listeners = it.Listeners,
                        Universe = it.Universe, Ac = it.Ac, AcSe = it.AcSe, AcPct = it.AcPct, AcPctSe = it.AcPctSe, Qhm = it.Qhm, QhmSe = it.QhmSe,
                        QhmPct = it.QhmPct, QhmPctSe = it.QhmPctSe, Volume = it.VolumeQuarterHours, Dea = it.DeaMinutes, DeaSe = it.DeaMinutesSe,
                        Pda = it.PdaPct, PdaSe = it.PdaPctSe,
                    });
                }
            }
        }

        return figures;
    }

    public static List<Curve> Curves(Guid run, IndicatorTable table, StudySettings study)
    {
        var quarters = table.Request.Bands.Count;
        var curves = new List<Curve>(table.Request.Targets.Count * table.Rows);
        for (var target = 0; target < table.Request.Targets.Count; target++)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                var (pct, se, listeners) = (new double[quarters], new double[quarters], 0);
                for (var quarter = 0; quarter < quarters; quarter++)
                {
                    var it = table[target, quarter, row];
                    (pct[quarter], se[quarter]) = (it.QhmPct, it.QhmPctSe);
                    listeners = Math.Max(listeners, it.Listeners);
                }

                curves.Add(new Curve
                {
                    RunId = run, Target = table.Request.Targets[target].Name, Station = Name(table, row, study),
                    Interviews = table[target, 0, row].Interviews, Listeners = listeners, Pct = pct, Se = se,
                });
            }
        }

        return curves;
    }

    private static string Name(IndicatorTable table, int row, StudySettings study) => table.RowAt(row) switch
    {
        { Kind: RowKind.TotalRadio } => Figure.TotalRadio,
        { Kind: RowKind.Group, Number: var group } => table.Request.Groups[group].Name,
        { Number: var station } => study.Stations[station].Code,
    };
}
