using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Exports;

/// <summary>Downloads of a wave's interviews. Each is in the audit trail.</summary>
internal static class ExportsApi
{
    public static readonly IReadOnlyList<string> Formats = ["csv", "xlsx", "parquet", "sav", "xml", "zip"];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/waves/{wave:int}/interviews.{format}", InterviewsAsync).WithName("ExportInterviews")
            .WithSummary("Completed interviews: csv, xlsx, parquet, sav (SPSS), xml (DDI codebook), zip (Triple-S)");
        routes.MapGet("/waves/{wave:int}/listening.csv", ListeningAsync).WithName("ExportListening").WithSummary("Listening days by quarter hour: id, station, qh");
    }

    /// <summary>How interviews came about: for those who lead interviewers too.</summary>
    internal static void MapCalls(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/waves/{wave:int}/calls.{format}", CallsAsync).WithName("ExportCalls")
            .WithSummary("The history of calls, a row an attempt: csv, parquet. Interviewers by name for supervisors, else by pseudonym");
        routes.MapGet("/waves/{wave:int}/paradata.{format}", ParadataAsync).WithName("ExportParadata")
            .WithSummary("How interviews came about, a row a step: csv, parquet. Interviewers by name for supervisors, else by pseudonym");
    }

    private static async Task<IResult> CallsAsync(
        int wave, string format, HttpContext context, CallTable calls, IAuthorizationService allowed, FieldworkDb db, TimeProvider clock, CancellationToken cancel) =>
        await PlainAsync("calls", wave, format, await calls.OfAsync(wave, await LeadsAsync(context, allowed), cancel), context, db, clock, cancel);

    private static async Task<IResult> ParadataAsync(
        int wave, string format, HttpContext context, ParadataTable paradata, IAuthorizationService allowed, FieldworkDb db, TimeProvider clock, CancellationToken cancel) =>
        await PlainAsync("paradata", wave, format, await paradata.OfAsync(wave, await LeadsAsync(context, allowed), cancel), context, db, clock, cancel);

    private static async Task<bool> LeadsAsync(HttpContext context, IAuthorizationService allowed) =>
        (await allowed.AuthorizeAsync(context.User, AccessPolicies.Supervise)).Succeeded;

    private static async Task<IResult> PlainAsync(
        string kind, int wave, string format, ExportTable? table, HttpContext context, FieldworkDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (table is null || format is not ("csv" or "parquet"))
            return Results.NotFound();
        await AuditAsync(db, wave, format, $"{kind}.exported", context, clock, cancel);
        return format == "csv"
            ? File(to => ExportCsv.WriteAsync(to, table, cancel), ExportCsv.MediaType, $"{kind}-{wave}.csv")
            : File(to => ExportParquet.WriteAsync(to, table, cancel), ExportParquet.MediaType, $"{kind}-{wave}.parquet");
    }

    private static async Task<IResult> InterviewsAsync(
        int wave, string format, HttpContext context, InterviewTable interviews, FieldworkDb db, IStringLocalizer<FieldworkTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        if (!Formats.Contains(format, StringComparer.Ordinal) || await interviews.OfAsync(wave, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, cancel) is not { } table)
            return Results.NotFound();
        await AuditAsync(db, wave, format, "interviews.exported", context, clock, cancel);
        var (name, at) = ($"interviews-{wave}", clock.GetUtcNow());
        return format switch
        {
            "xlsx" => File(to => ExportWorkbook.WriteAsync(to, table, Words(text), cancel), ExportWorkbook.MediaType, $"{name}.xlsx"),
            "parquet" => File(to => ExportParquet.WriteAsync(to, table, cancel), ExportParquet.MediaType, $"{name}.parquet"),
            "sav" => File(to => SavFile.WriteAsync(to, table, at, cancel), SavFile.MediaType, $"{name}.sav"),
            "xml" => File(
                to => DdiCodebook.WriteAsync(to, table, at, "Relais", CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, cancel), DdiCodebook.MediaType, $"{name}.xml"),
            "zip" => File(to => TripleS.WriteAsync(to, table, name, at, cancel), TripleS.MediaType, $"{name}-triple-s.zip"),
            _ => File(to => ExportCsv.WriteAsync(to, table, cancel), ExportCsv.MediaType, $"{name}.csv"),
        };
    }

    private static async Task<IResult> ListeningAsync(int wave, HttpContext context, ListeningTable listening, FieldworkDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await listening.OfAsync(wave, cancel) is not { } table)
            return Results.NotFound();
        await AuditAsync(db, wave, "listening", "interviews.exported", context, clock, cancel);
        return File(to => ExportCsv.WriteAsync(to, table, cancel), ExportCsv.MediaType, $"listening-{wave}.csv");
    }

    // Some writers seek or write without waiting: the file is made beside the answer, so that a fault is an error and no torn file.
    private static IResult File(Func<Stream, Task> write, string mediaType, string name) => new ExportedFile(write, mediaType, name);

    private static async Task AuditAsync(
        FieldworkDb db, int wave, string format, string action, HttpContext context, TimeProvider clock, CancellationToken cancel)
    {
        db.Audit(clock, Actor.Of(context), action, $"fieldwork-wave:{wave}", "", new { format });
        await db.SaveChangesAsync(cancel);
    }

    private static ExportWords Words(IStringLocalizer text) =>
        new(text["Export.Data"], text["Export.Variables"], text["Export.Codes"], text["Export.Name"], text["Export.Label"], text["Export.Kind"], text["Export.Value"]);
}
