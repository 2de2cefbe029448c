using System.Globalization;
using System.Runtime.InteropServices;

namespace Relais.Desktops.Usage;

/// <summary>What an engine's metrics say of an instance beyond its state.</summary>
/// <param name="Droppable">Bytes of files that it read once and that would be dropped before anything is killed.</param>
/// <param name="Kills">Programs killed for lack of memory since it started; null when the engine does not count them.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MemoryFigures(long? Droppable, long? Kills);

/// <summary>
/// The text of an engine's /1.0/metrics (OpenMetrics): <c>lxd_memory_Inactive_file_bytes{name="d-…",project="default",type="container"} 139284480</c>. Incus begins
/// with its own name. Pure; lines that are of something else, or of nothing, are passed over.
/// </summary>
internal static class EngineMetrics
{
    private const string DroppableName = "_memory_Inactive_file_bytes{";
    private const string KillsName = "_memory_OOM_kills_total{";
    private const string NameLabel = "name=\"";

    /// <summary>By instance.</summary>
    public static Dictionary<string, MemoryFigures> Read(string text)
    {
        var found = new Dictionary<string, MemoryFigures>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var isKills = line.IndexOf(KillsName, StringComparison.Ordinal) > 0;
            if (!isKills && line.IndexOf(DroppableName, StringComparison.Ordinal) <= 0)
                continue;
            var name = NameIn(line);
            var end = line.LastIndexOf('}');
            if (name.Length == 0 || end < 0 || !double.TryParse(line[(end + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value >= 0 && value < long.MaxValue))
                continue;
            var figures = found.GetValueOrDefault(name);
            found[name] = isKills ? figures with { Kills = (long)value } : figures with { Droppable = (long)value };
        }

        return found;
    }

    private static string NameIn(ReadOnlySpan<char> line)
    {
        var at = line.IndexOf(NameLabel, StringComparison.Ordinal);
        // Not the end of another label's name, such as "hostname".
        if (at <= 0 || line[at - 1] is not ('{' or ','))
            return "";
        var rest = line[(at + NameLabel.Length)..];
        var end = rest.IndexOf('"');
        return end < 0 ? "" : rest[..end].ToString();
    }
}
