using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Audience.Charts;
using Relais.Audience.Figures;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Runs;
using Relais.Audience.Studies;
using Relais.Audience.Waves;

namespace Relais.Audience.Reports;

/// <summary>What a report says, read before a line of it is drawn: only what its reader may see.</summary>
/// <param name="Bands">For each band of the study its rows, of the report's target.</param>
/// <param name="Targets">For each target its rows in the study's first band.</param>
/// <param name="Before">The wave that <paramref name="Changes"/> compares with.</param>
internal sealed record ReportContents(
    string Study, ShownWave Shown, string Target, IReadOnlyList<(BandSetting Band, IReadOnlyList<ShownFigure> Rows)> Bands,
    IReadOnlyList<(string Target, IReadOnlyList<ShownFigure> Rows)> Targets, LineChart Chart, ShownWave? Before, IReadOnlyList<Change> Changes, RunReport Weights)
{
    private const int CurvesOfStations = 3;

    public static async Task<ReportContents> ReadAsync(
        AudienceDb db, VisibleWaves visible, ReadFigures read, ClaimsPrincipal person, ShownWave shown, string? target, IStringLocalizer text, CancellationToken cancel)
    {
        var study = shown.Settings.Study;
        var chosen = study.Targets.FirstOrDefault(t => t.Name == target)?.Name ?? study.Targets[0].Name;
        var bands = new List<(BandSetting, IReadOnlyList<ShownFigure>)>();
        foreach (var band in study.Bands)
            bands.Add((band, await read.TableAsync(shown, chosen, band.Text, cancel)));
        var targets = new List<(string, IReadOnlyList<ShownFigure>)>();
        foreach (var setting in study.Targets)
            targets.Add((setting.Name, await read.TableAsync(shown, setting.Name, study.Bands[0].Text, cancel)));
        var first = bands[0].Item2;
        var chart = await CurveDrawing.OfAsync(
            read, shown, chosen,
            [Figure.TotalRadio, .. first.Where(f => f is { Kind: RowKind.Station, Values: not null }).OrderByDescending(f => f.Values!.AcPct.Value).Take(CurvesOfStations).Select(f => f.Station)],
            text, cancel);
        var before = await visible.BeforeAsync(person, shown.Wave, cancel);
        return new ReportContents(
            await db.Studies.Where(s => s.Id == shown.Wave.StudyId).Select(s => s.Name).SingleAsync(cancel), shown, chosen, bands, targets, chart, before,
            before is null ? [] : await read.ChangesAsync(shown, before, chosen, study.Bands[0].Text, Measure.AcPct, cancel),
            AudienceJson.Read<RunReport>(shown.Run.Report ?? throw new InvalidOperationException("A run that is done without its report.")));
    }
}
