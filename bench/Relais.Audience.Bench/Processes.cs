using System.Diagnostics;
using System.Globalization;

namespace Relais.Audience.Bench;

/// <summary>A process from its start to its end.</summary>
internal sealed record Ran(double Seconds, double PeakMiB, string Output);

internal static class Processes
{
    public static async Task<Ran> RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        // The mark only rises, and is gone with the process.
        var (peak, ended) = (0.0, process.WaitForExitAsync());
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(2)))
        {
            while (!ended.IsCompleted)
            {
                peak = Math.Max(peak, PeakOf(process.Id));
                await look.WaitForNextTickAsync();
            }
        }

        await ended;
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return process.ExitCode == 0
            ? new Ran(seconds, peak, await output)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}");
    }

    /// <summary>The high-water mark of a process that runs.</summary>
    public static double PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
