using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Audience.Figures;
using Relais.Audience.Studies;
using Relais.Audience.Waves;
using Relais.Kernel;

namespace Relais.Audience.Exports;

/// <summary>Files of duplication and of reach over several days: one target in one band, by default the first of each.</summary>
internal static class MatricesApi
{
    private const string Formats = "{format:regex(^(csv|xlsx|parquet)$)}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/audience").WithTags("Audience").RequireAuthorization(AccessPolicies.ReadFigures);
        api.MapGet($"/waves/{{id:guid}}/duplication.{Formats}", Duplication).WithName("ExportDuplication").WithSummary("Listeners that each two stations share, as CSV, XLSX or Parquet");
        api.MapGet($"/waves/{{id:guid}}/reach.{Formats}", Reach).WithName("ExportReach").WithSummary("Modelled reach over 1 to 28 days, as CSV, XLSX or Parquet");
    }

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Duplication(
        Guid id, string format, HttpContext context, VisibleWaves visible, AudienceDb db, KeptSamples samples, IStringLocalizer<AudienceTexts> text, CancellationToken cancel,
        string? target = null, string? band = null, Guid? run = null)
    {
        if (await visible.ShownAsync(context.User, id, run, cancel) is not { } shown)
            return Problems.Missing("wave-missing");
        var (chosen, hours) = Chosen(shown.Settings.Study, target, band);
        var matrix = await ShownDuplication.OfAsync(db, samples, shown, chosen, hours, cancel);
        return await FileAsync(MatrixTables.Duplication(matrix, shown, chosen, hours, text), format, shown, text, cancel);
    }

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Reach(
        Guid id, string format, HttpContext context, VisibleWaves visible, ReadFigures read, IStringLocalizer<AudienceTexts> text, CancellationToken cancel,
        string? target = null, string? band = null, Guid? run = null)
    {
        if (await visible.ShownAsync(context.User, id, run, cancel) is not { } shown)
            return Problems.Missing("wave-missing");
        var (chosen, hours) = Chosen(shown.Settings.Study, target, band);
        return await FileAsync(MatrixTables.Reach(await read.TableAsync(shown, chosen, hours, cancel), shown, chosen, hours, text), format, shown, text, cancel);
    }

    /// <summary>The target and band that an address names, as far as the run has them.</summary>
    public static (string Target, string Band) Chosen(StudySettings study, string? target, string? band) =>
        (study.Targets.FirstOrDefault(t => t.Name == target)?.Name ?? study.Targets[0].Name, study.Bands.FirstOrDefault(b => b.Text == band)?.Text ?? study.Bands[0].Text);

    private static async Task<FileContentHttpResult> FileAsync(PlainTable table, string format, ShownWave shown, IStringLocalizer text, CancellationToken cancel)
    {
        var name = $"{shown.Wave.Name}, {table.Title} ({shown.Run.Number}).{format}";
        return format switch
        {
            "xlsx" => TypedResults.File(await table.WorkbookAsync(text["Book.Notes"], cancel), FigureWorkbook.MediaType, name),
            "parquet" => TypedResults.File(await table.ParquetAsync(cancel), FigureParquet.MediaType, name),
            _ => TypedResults.File(table.Csv(), "text/csv; charset=utf-8", name),
        };
    }
}
