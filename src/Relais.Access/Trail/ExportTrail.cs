using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Access.Trail;

/// <summary>The trail as a spreadsheet reads it, with the page's filters.</summary>
internal static class ExportTrail
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/audit/export.csv", Handle)
        .RequireAuthorization(AccessPolicies.Administer).WithSummary("The audit trail in CSV, newest first.");

    internal static PushStreamHttpResult Handle(
        string? person, string? action, string? subject, string? from, string? to, ReadTrail trail, ActionWords words, CancellationToken cancel)
    {
        var query = new TrailQuery(Filled(person), Filled(action), Filled(subject), Filled(from), Filled(to));
        return TypedResults.Stream(body => WriteAsync(body, trail.AllAsync(query), words, cancel), "text/csv; charset=utf-8", "audit.csv");
    }

    private static async Task WriteAsync(Stream body, IAsyncEnumerable<AuditLine> lines, ActionWords words, CancellationToken cancel)
    {
        // Spreadsheets want the mark to read UTF-8, and in French a semicolon.
        await using var csv = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await WriteAsync(csv, lines, words, cancel);
    }

    internal static async Task WriteAsync(TextWriter csv, IAsyncEnumerable<AuditLine> lines, ActionWords words, CancellationToken cancel)
    {
        var comma = CultureInfo.CurrentCulture.TextInfo.ListSeparator;
        await csv.WriteLineAsync(string.Join(comma, "seq", "at", "actor", "actor_name", "address", "action", "action_name", "subject", "subject_name", "detail", "hash"));
        await foreach (var line in lines.WithCancellation(cancel))
        {
            await csv.WriteLineAsync(string.Join(
                comma,
                line.Seq.ToString(CultureInfo.InvariantCulture),
                line.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                Cell(line.Actor),
                Cell(line.ActorName),
                Cell(line.Address ?? ""),
                Cell(line.Action),
                Cell(words.Of(line.Action)),
                Cell(line.Subject),
                Cell(line.SubjectName),
                Cell(line.Detail),
                Convert.ToHexStringLower(line.Hash)));
        }
    }

    /// <summary>Quoted, and harmless: a spreadsheet runs what starts like a formula.</summary>
    internal static string Cell(string text)
    {
        var plain = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        return $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    internal static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
