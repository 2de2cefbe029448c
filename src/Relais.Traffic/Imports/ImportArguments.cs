using System.Globalization;
using Relais.Traffic.History;
using Relais.Traffic.Measures.Logs;

namespace Relais.Traffic.Imports;

/// <summary>The call of <c>relais traffic import</c>, understood.</summary>
internal sealed record ImportArguments(IReadOnlyList<string> Files, string History, string Zone, ImportOrder Order)
{
    public static readonly string DefaultHistory = Path.Combine(Environment.GetEnvironmentVariable("RELAIS_DATA") ?? "var", "traffic", "history");

    /// <returns>Null for a call that is wrong.</returns>
    public static ImportArguments? Parse(IReadOnlyList<string> arguments, int batch)
    {
        var (files, columns) = (new List<string>(), new Dictionary<string, LogField>(StringComparer.OrdinalIgnoreCase));
        var (history, site, zone, format) = (DefaultHistory, "site", HistoryFolder.DefaultZone, (LogFormat?)null);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                files.Add(arguments[i]);
                continue;
            }

            if (i + 1 == arguments.Count)
                return null;
            var value = arguments[++i];
            switch (arguments[i - 1])
            {
                case "--history": history = value; break;
                case "--site" when value.Length > 0: site = value; break;
                case "--zone": zone = value; break;
                case "--format" when Named<LogFormat>(value, out var named): format = named; break;
                case "--batch" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) && lines > 0: batch = lines; break;
                case "--column" when value.Split('=', 2) is [var field, { Length: > 0 } column] && Named<LogField>(field, out var meaning): columns[column] = meaning; break;
                default: return null;
            }
        }

        return files.Count == 0 ? null : new ImportArguments(files, history, zone, new ImportOrder(site, format, columns, batch));
    }

    // Enum.TryParse takes numbers too.
    private static bool Named<T>(string text, out T value)
        where T : struct, Enum => Enum.TryParse(text, ignoreCase: true, out value) && !char.IsAsciiDigit(text[0]) && Enum.IsDefined(value);
}
