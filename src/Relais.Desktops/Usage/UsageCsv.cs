using System.Globalization;
using Relais.Access.Contracts;

namespace Relais.Desktops.Usage;

/// <summary>The report as a spreadsheet reads it, a desktop a line, written as it goes: semicolons and decimal commas where the culture has them.</summary>
internal static class UsageCsv
{
    public const string MediaType = "text/csv; charset=utf-8";

    private const string Head =
        "desktop,person,teams,bundle,tags,running_hours,frozen_hours,session_hours,idle_share,cpu_share,memory_p95_mib,with_cache,limit_mib,kills,last_used,verdict,suggested_mib,cost,saved,currency";

    public static async Task WriteAsync(TextWriter to, IEnumerable<UsageLine> lines, IReadOnlyList<GroupCard> teams, string? currency, CultureInfo culture)
    {
        var comma = culture.NumberFormat.NumberDecimalSeparator == "," ? ';' : ',';
        var names = teams.ToDictionary(t => t.Id, t => t.Name);
        await to.WriteAsync(Head.Replace(',', comma));
        await to.WriteAsync("\r\n");
        foreach (var l in lines)
        {
            string[] cells =
            [
                l.Desktop.ToString(), l.Person, string.Join(" | ", l.Teams.Select(t => names.GetValueOrDefault(t, "?"))), l.Bundle, string.Join(" | ", l.Tags),
                Number(l.RunningHours, 2), Number(l.FrozenHours, 2), Number(l.SessionHours, 2), Number(l.IdleShare, 3), Number(l.CpuShare, 4),
                Number(l.MemoryP95MiB, 0), l.WithCache ? "1" : "0", Number(l.LimitMiB, 0), Number(l.Kills, 0), l.LastUsed?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "",
                UsageApi.Word(l.Verdict), Number(l.SuggestedMiB, 0), Number(l.Cost, 2), Number(l.Saved, 2), l.Cost is null ? "" : currency ?? "",
            ];
            // Numbers may be negative; texts that a spreadsheet would run are only shown.
            for (var i = 1; i <= 4; i++)
                cells[i] = Text(cells[i], comma);
            await to.WriteAsync(string.Join(comma, cells));
            await to.WriteAsync("\r\n");
        }

        string Number(double? value, int digits) => value?.ToString($"F{digits}", culture) ?? "";
    }

    /// <summary>Quoted as in RFC 4180 where it must be; what a spreadsheet would run as a formula begins with an apostrophe.</summary>
    internal static string Text(string cell, char comma)
    {
        if (cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            cell = "'" + cell;
        return cell.AsSpan().IndexOfAny("\"\r\n") < 0 && !cell.Contains(comma, StringComparison.Ordinal) ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
