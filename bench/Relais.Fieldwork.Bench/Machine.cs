using System.Diagnostics;
using System.Globalization;

namespace Relais.Fieldwork.Bench;

/// <summary>Where it was measured, and how much of the processor programs took.</summary>
internal static class Machine
{
    private const double TicksPerSecond = 100;

    public static void Say(string what)
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown CPU";
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{model}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, .NET {Environment.Version}, commit {Commit()}; {what}"));
    }

    /// <summary>Seconds of processor that a process and its children took so far, children that ended aside.</summary>
    public static double CpuSeconds(int root)
    {
        var seconds = 0.0;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                var text = File.ReadAllText(Path.Combine(folder, "stat"));
                // After the name, which may hold anything: state, parent, ...; 14 and 15 of all are its time.
                var parts = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                if (int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture) == root || int.Parse(parts[1], CultureInfo.InvariantCulture) == root)
                    seconds += (double.Parse(parts[11], CultureInfo.InvariantCulture) + double.Parse(parts[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
        }

        return seconds;
    }

    private static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true, UseShellExecute = false });
        return git?.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } commit ? commit : "unknown";
    }
}
