using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Audience.Charts;
using Relais.Audience.Figures;
using Relais.Audience.Inputs;
using Relais.Audience.Reports;
using Relais.Audience.Runs;
using Relais.Audience.Waves;
using Relais.Kernel;
using Relais.Portal.Kit;

namespace Relais.Audience.Exports;

/// <summary>Files of figures. Names of files say nothing that the person who asks may not know, because there is none without <see cref="VisibleWaves"/>.</summary>
internal static class ExportsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/audience").WithTags("Audience").RequireAuthorization(AccessPolicies.ReadFigures);
        api.MapGet("/waves/{id:guid}/figures.csv", Csv).WithName("ExportFiguresCsv").WithSummary("All figures of a wave with their intervals, as CSV");
        api.MapGet("/waves/{id:guid}/figures.xlsx", Xlsx).WithName("ExportFiguresXlsx").WithSummary("The same as an Excel workbook with notes");
        api.MapGet("/waves/{id:guid}/figures.parquet", Parquet).WithName("ExportFiguresParquet").WithSummary("The same as Parquet");
        api.MapGet("/waves/{id:guid}/report.pdf", Report).WithName("ExportReport").WithSummary("A report of one target, with curves, tables and notes, as PDF");
        api.MapGet("/waves/{id:guid}/curves.svg", Curves).WithName("ExportCurvesSvg").WithSummary("Curves by quarter hour as a drawing");
        var runs = routes.MapGroup("/api/audience/runs").WithTags("Audience").RequireAuthorization(AccessPolicies.Research);
        runs.MapGet("/{id:guid}/weights.csv", Weights).WithName("ExportWeights").WithSummary("A run's weights: id,weight");
        runs.MapGet("/{id:guid}/indicators.csv", Indicators).WithName("ExportIndicators").WithSummary("A run's results as they were hashed, nothing withheld");
    }

    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Csv(
        Guid id, HttpContext context, VisibleWaves visible, ReadFigures read, CancellationToken cancel, Guid? run = null) =>
        await visible.ShownAsync(context.User, id, run, cancel) is { } shown
            ? TypedResults.Stream(
                async to =>
                {
                    await to.WriteAsync(Encoding.UTF8.GetBytes(FigureCsv.Header), cancel);
                    await foreach (var figure in read.AllAsync(shown, cancel))
                        await to.WriteAsync(Encoding.UTF8.GetBytes(FigureCsv.Line(figure)), cancel);
                },
                "text/csv; charset=utf-8", FileName(shown, "csv"))
            : Missing();

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Xlsx(
        Guid id, HttpContext context, VisibleWaves visible, ReadFigures read, IStringLocalizer<AudienceTexts> text, CancellationToken cancel, Guid? run = null)
    {
        if (await visible.ShownAsync(context.User, id, run, cancel) is not { } shown)
            return Missing();
        using var book = new MemoryStream();
        await FigureWorkbook.WriteAsync(book, shown, read.AllAsync(shown, cancel), text, cancel);
        return TypedResults.File(book.ToArray(), FigureWorkbook.MediaType, FileName(shown, "xlsx"));
    }

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Parquet(
        Guid id, HttpContext context, VisibleWaves visible, ReadFigures read, CancellationToken cancel, Guid? run = null)
    {
        if (await visible.ShownAsync(context.User, id, run, cancel) is not { } shown)
            return Missing();
        using var file = new MemoryStream();
        await FigureParquet.WriteAsync(file, read.AllAsync(shown, cancel), cancel);
        return TypedResults.File(file.ToArray(), FigureParquet.MediaType, FileName(shown, "parquet"));
    }

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Report(
        Guid id, HttpContext context, VisibleWaves visible, ReadFigures read, AudienceDb db, IOptions<PlaceOptions> place, TimeProvider clock,
        IStringLocalizer<AudienceTexts> text, CancellationToken cancel, string? target = null, Guid? run = null)
    {
        if (await visible.ShownAsync(context.User, id, run, cancel) is not { } shown)
            return Missing();
        var contents = await ReportContents.ReadAsync(db, visible, read, context.User, shown, target, text, cancel);
        var report = new WaveReport(contents, TimeZoneInfo.FindSystemTimeZoneById(place.Value.TimeZone), clock.GetUtcNow(), text);
        return TypedResults.File(report.Write(), WaveReport.MediaType, FileName(shown, "pdf"));
    }

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Curves(
        Guid id, HttpContext context, VisibleWaves visible, ReadFigures read, IStringLocalizer<AudienceTexts> text, CancellationToken cancel,
        string? target = null, string[]? s = null, Guid? run = null)
    {
        if (await visible.ShownAsync(context.User, id, run, cancel) is not { } shown)
            return Missing();
        var chosen = shown.Settings.Study.Targets.FirstOrDefault(t => t.Name == target)?.Name ?? shown.Settings.Study.Targets[0].Name;
        var chart = await CurveDrawing.OfAsync(read, shown, chosen, [.. (s ?? [Figure.TotalRadio]).Distinct(StringComparer.Ordinal).Take(LineChart.MostSeries)], text, cancel);
        return TypedResults.File(Encoding.UTF8.GetBytes(chart.File()), "image/svg+xml", FileName(shown, "svg"));
    }

    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Weights(Guid id, AudienceDb db, CancellationToken cancel)
    {
        if (await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.State == RunState.Done, cancel) is not { } run)
            return Missing();
        var settings = RunSettings.Parse(run.Settings);
        var weights = SaveRun.WeightsOf((await db.Weights.AsNoTracking().SingleAsync(w => w.RunId == id, cancel)).Bytes);
        var bytes = await KeptInput.ReadAsync(db, run.RespondentsId, cancel);
        var respondents = Respondents.Read(KeptInput.Opener(bytes), settings.Study.Columns, settings.Universe.Margins, new ImportFaults(), cancel);
        return TypedResults.Stream(
            async to =>
            {
                await to.WriteAsync("id,weight\n"u8.ToArray(), cancel);
                foreach (var (name, at) in (respondents?.Ids ?? []).Select((name, at) => (name, at)))
                    await to.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{FigureFile.Text(name)},{weights[at]:G17}\n")), cancel);
            },
            "text/csv; charset=utf-8", $"weights-{run.Number}.csv");
    }

    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Indicators(Guid id, AudienceDb db, CancellationToken cancel)
    {
        if (await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.State == RunState.Done, cancel) is not { } run)
            return Missing();
        return TypedResults.Stream(
            async to =>
            {
                await to.WriteAsync(Encoding.UTF8.GetBytes(FigureFile.Header + "\n"), cancel);
                await foreach (var figure in db.Figures.AsNoTracking().Where(f => f.RunId == id).OrderBy(f => f.Place).AsAsyncEnumerable().WithCancellation(cancel))
                    await to.WriteAsync(Encoding.UTF8.GetBytes(FigureFile.Line(figure)), cancel);
            },
            "text/csv; charset=utf-8", $"indicators-{run.Number}.csv");
    }

    private static ProblemHttpResult Missing() => Problems.Missing("wave-missing");

    private static string FileName(ShownWave shown, string kind) => $"{shown.Wave.Name} ({shown.Run.Number}).{kind}";
}
