using System.Globalization;

namespace Relais.Desktops.Usage;

/// <summary>Programs killed for lack of memory as this machine's kernel counts them, for engines that do not (LXD 5.0). Desktops of other machines are not seen here.</summary>
internal static class KernelKills
{
    private const string Root = "/sys/fs/cgroup";
    private const string Counter = "oom_kill ";

    // A desktop has some fifty groups; whoever makes thousands inside theirs does not keep us busy.
    private const int MostGroups = 500;

    /// <returns>Null when it does not run here, or cannot be seen.</returns>
    public static long? Of(string instance, string root = Root)
    {
        try
        {
            // Version 2 counts the groups below with it, version 1 each for itself.
            var unified = Path.Combine(root, $"lxc.payload.{instance}", "memory.events");
            if (File.Exists(unified))
                return Count(unified);
            var group = Path.Combine(root, "memory", $"lxc.payload.{instance}");
            return Directory.Exists(group)
                ? Directory.EnumerateFiles(group, "memory.oom_control", SearchOption.AllDirectories).Take(MostGroups).Sum(Count)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A group that went while it was read: the next sample sees the rest.
            return null;
        }
    }

    private static long Count(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith(Counter, StringComparison.Ordinal) && long.TryParse(line.AsSpan(Counter.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return count;
        }

        return 0;
    }
}
