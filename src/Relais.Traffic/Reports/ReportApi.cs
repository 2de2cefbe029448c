using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary><c>GET /api/traffic/report</c>: what <c>relais traffic report</c> answers, with its arguments as parameters.</summary>
internal static class ReportApi
{
    public const string Path = "/api/traffic/report";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, Handle).RequireAuthorization(AccessPolicies.ReadFigures)
        .WithSummary("Audience figures from the history of traffic: from, to, each, by, event, minutes, days, definition, zone, and a filter for each dimension; format=csv for CSV");

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(HttpContext context, KeptHistory history, CancellationToken cancel)
    {
        var given = context.Request.Query.SelectMany(q => q.Value.Select(v => (q.Key, Value: v ?? ""))).ToLookup(q => q.Key, q => q.Value, StringComparer.Ordinal);
        switch (ReportArguments.Parse(given, history.Zone, history.ClickHouse is null ? Definition.All : Definition.OfClickHouse))
        {
            case ReportArguments.Bad bad:
                return TypedResults.Problem($"{bad.Name}: {bad.Problem}", statusCode: StatusCodes.Status400BadRequest, type: "report-not-understood");
            case ReportArguments.Good good:
                IReadOnlyList<ReportLine> lines;
                try
                {
                    lines = await history.AskAsync(good.Question, cancel);
                }
                catch (HistoryAwayException)
                {
                    context.Response.Headers.RetryAfter = "60";
                    return TypedResults.Problem("The history does not answer now; nothing is lost, ask again later.", statusCode: StatusCodes.Status503ServiceUnavailable, type: "history-away");
                }

                return given["format"].Contains("csv", StringComparer.Ordinal) ? await CsvAsync(good, lines) : Json(good, lines);
        }

        return TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest);
    }

    private static async Task<FileContentHttpResult> CsvAsync(ReportArguments.Good good, IReadOnlyList<ReportLine> lines)
    {
        var buffer = new MemoryStream();
        await using (var writer = new StreamWriter(buffer, leaveOpen: true))
            await ReportText.WriteCsvAsync(writer, good.Question, lines, good.Zone);
        return TypedResults.Bytes(buffer.ToArray(), "text/csv; charset=utf-8", "audience.csv");
    }

    private static FileContentHttpResult Json(ReportArguments.Good good, IReadOnlyList<ReportLine> lines)
    {
        var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            ReportText.WriteJson(writer, good.Question, lines, good.Zone);
        return TypedResults.Bytes(buffer.ToArray(), "application/json");
    }
}
