using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Relais.Fieldwork.Exports;
using Relais.Kernel;
using Relais.Portal.Kit;

namespace Relais.Fieldwork.Productivity;

/// <summary>The figures of the productivity page as a file: the same, with a point as decimal sign and times in hours.</summary>
internal static class ProductivityApi
{
    private static readonly string[] Rates = ["RR1", "RR3", "COOP1", "COOP3", "REF1", "CON1"];

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/waves/{id:int}/productivity.csv", Handle).WithName("GetProductivity")
        .WithSummary("Calls, contacts, completes, time, rates and fair comparison by interviewer, team, hour or day; an empty cell: not defined");

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Handle(
        int id, ReadProductivity productivity, IOptions<PlaceOptions> place, TimeProvider clock, HttpContext context, CancellationToken cancel, string by = "interviewer", DateOnly? from = null, DateOnly? until = null)
    {
        if (!Enum.TryParse<ProductivityGroup>(by, ignoreCase: true, out var group) || !Enum.IsDefined(group))
            return Problems.Invalid("by");
        var zone = TimeZoneInfo.FindSystemTimeZoneById(place.Value.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        var days = ReadProductivity.Days(from ?? today, until ?? from ?? today, zone);
        var lines = await productivity.OfAsync(id, group, days.From, days.Until, zone, cancel);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"productivity-{id}.csv\"");
        return TypedResults.Content(Csv(lines), "text/csv", Encoding.UTF8);
    }

    private static string Csv(IReadOnlyList<ProductivityLine> lines)
    {
        var text = new StringBuilder("name,calls,contacts,completed,rejected,refused,refusal_rate,hours,hours_on_calls,hours_between,hours_pauses,completed_per_hour,")
            .AppendJoin(',', Rates).Append(",expected,ratio,low95,high95,verdict\r\n");
        foreach (var line in lines)
        {
            var interval = line.Fair.Interval(EventRatio.Usual);
            string[] cells =
            [
                ExportCsv.Cell(line.Name, ExportKind.Text), Whole(line.Calls), Whole(line.Contacts), Whole(line.Completed), Whole(line.Rejected), Whole(line.Refused), Number(line.RefusalRate?.Value),
                Number(line.Time.All.TotalHours), Number(line.Time.Calls.TotalHours), Number(line.Time.Between.TotalHours), Number(line.Time.Pauses.TotalHours), Number(line.PerHour),
                .. Rates.Select(r => Number(line.Rate(r)?.Value)), Number(line.Fair.Expected), Number(line.Fair.Ratio), Number(interval?.Low), Number(interval?.High), Whole(line.Fair.Verdict),
            ];
            text.AppendJoin(',', cells).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double? number) => number?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}
