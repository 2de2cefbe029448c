using System.Diagnostics;
using System.Globalization;

namespace Relais.Desktops.Bench;

/// <summary>What was measured, as a Markdown table with the machine and the commit.</summary>
internal sealed class Figures
{
    private readonly Dictionary<string, List<Opening>> _openings = [];
    private readonly List<double> _keys = [];

    public void Add(string name, Opening opening)
    {
        if (!_openings.TryGetValue(name, out var all))
            _openings[name] = all = [];
        all.Add(opening);
    }

    public void AddKeys(IReadOnlyList<double> milliseconds) => _keys.AddRange(milliseconds);

    public void Write(TextWriter output, Opening first, int rounds)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Machine()}, {rounds} rounds, Chromium and everything else on this machine"));
        output.WriteLine();
        output.WriteLine("| from the click to the first picture | median s | least | most | of these, from the gateway's socket on |");
        output.WriteLine("|---|---|---|---|---|");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| the first time: it was not there, one run | {first.FirstPixel / 1000:0.00} | | | {first.Connect / 1000:0.00} |"));
        foreach (var (name, all) in _openings)
        {
            var pixels = all.Select(o => o.FirstPixel / 1000).Order().ToList();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {pixels[pixels.Count / 2]:0.00} | {pixels[0]:0.00} | {pixels[^1]:0.00} | {all.Select(o => o.Connect / 1000).Order().ElementAt(all.Count / 2):0.00} |"));
        }

        _keys.Sort();
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Key to pixel, {_keys.Count} keys: median {_keys[_keys.Count / 2]:0} ms, 90 % within {_keys[_keys.Count * 9 / 10]:0} ms."));
    }

    /// <summary>What the figures hold for.</summary>
    public static string Machine() => string.Create(
        CultureInfo.InvariantCulture, $"{CpuModel()}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, commit {Commit()}");

    private static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { UseShellExecute = false, RedirectStandardOutput = true });
        return git?.StandardOutput.ReadToEnd().Trim() ?? "unknown";
    }

    private static string CpuModel() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown CPU";
}
