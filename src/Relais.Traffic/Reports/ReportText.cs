using System.Globalization;
using System.Text.Json;

namespace Relais.Traffic.Reports;

/// <summary>A report as CSV, a measure a line, or as JSON, with the definitions by which it was made.</summary>
internal static class ReportText
{
    public static async Task WriteCsvAsync(TextWriter to, ReportQuestion question, IEnumerable<ReportLine> lines, TimeZoneInfo zone)
    {
        await to.WriteLineAsync($"from,to,{question.Columns().Replace(" ", "", StringComparison.Ordinal)}measure,value");
        foreach (var line in lines)
        {
            var bucket = question.Buckets[line.Bucket];
            var of = string.Concat(line.Of.Select(v => $"{Quoted(v)},"));
            await to.WriteLineAsync($"{Bucket.Text(bucket.Start, zone)},{Bucket.Text(bucket.Stop, zone)},{of}{line.Measure},{line.Value?.ToString("R", CultureInfo.InvariantCulture)}");
        }
    }

    public static void WriteJson(Utf8JsonWriter to, ReportQuestion question, IReadOnlyList<ReportLine> lines, TimeZoneInfo zone)
    {
        to.WriteStartObject();
        to.WriteStartObject("definitions");
        WriteDefinition(to, question.Pages.Name, question.Pages.French, question.Pages.English);
        WriteDefinition(to, Definition.Listening, Definition.ListeningFrench, Definition.ListeningEnglish);
        to.WriteEndObject();
        to.WriteStartArray("rows");
        // All measures of a time and of values lie one after the other.
        for (var at = 0; at < lines.Count;)
        {
            var first = lines[at];
            to.WriteStartObject();
            to.WriteString("from", Bucket.Text(question.Buckets[first.Bucket].Start, zone));
            to.WriteString("to", Bucket.Text(question.Buckets[first.Bucket].Stop, zone));
            for (var i = 0; i < question.By.Count; i++)
                to.WriteString(question.By[i], first.Of[i]);
            to.WriteStartObject("measures");
            for (; at < lines.Count && lines[at].Bucket == first.Bucket && lines[at].Of.SequenceEqual(first.Of, StringComparer.Ordinal); at++)
            {
                if (lines[at].Value is { } value)
                    to.WriteNumber(lines[at].Measure, value);
                else
                    to.WriteNull(lines[at].Measure);
            }

            to.WriteEndObject();
            to.WriteEndObject();
        }

        to.WriteEndArray();
        to.WriteEndObject();
        to.Flush();
    }

    private static void WriteDefinition(Utf8JsonWriter to, string name, string french, string english)
    {
        to.WriteStartObject(name);
        to.WriteString("fr", french);
        to.WriteString("en", english);
        to.WriteEndObject();
    }

    private static string Quoted(string value)
    {
        // A spreadsheet would take such a path for a formula.
        var safe = value is ['=' or '+' or '-' or '@', ..] ? $"'{value}" : value;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
