using System.Diagnostics;
using System.Globalization;

namespace Relais.Gateway.Bench;

/// <summary>Medians of the rounds, and the ratios to the first contender of the same kind, as a Markdown table.</summary>
internal static class Report
{
    public static void Write(TextWriter output, IReadOnlyList<(Contender Who, List<Measured> Rounds)> results, string commit)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{CpuModel()}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, .NET {Environment.Version}, commit {commit}, {results[0].Rounds.Count} rounds, medians"));
        foreach (var kind in results.GroupBy(r => r.Who.Kind).Select(group => group.ToList()))
        {
            output.WriteLine();
            output.WriteLine($"| {NameOf(kind[0].Who.Kind)} to TCP | CPU s/GiB | ratio | GiB/s | CPU us/trip | ratio | CPU us/paced trip | ratio | RTT p50 us | RTT p99 us |");
            output.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
            foreach (var (who, rounds) in kind)
            {
                double Of(Func<Measured, double> figure) => Median(rounds, figure);
                double Ratio(Func<Measured, double> figure) => Of(figure) / Median(kind[0].Rounds, figure);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {who.Name} | {Of(m => m.CpuPerGiB):0.00} | {Ratio(m => m.CpuPerGiB):0.00} | {Of(m => m.GiBPerSecond):0.00} | {Of(m => m.CpuPerTrip):0} | {Ratio(m => m.CpuPerTrip):0.00} | {Of(m => m.CpuPerPacedTrip):0} | {Ratio(m => m.CpuPerPacedTrip):0.00} | {Of(m => m.P50):0} | {Of(m => m.P99):0} |"));
            }
        }
    }

    public static void Write(TextWriter output, IReadOnlyList<(Contender Who, Crowd Crowd)> crowds)
    {
        output.WriteLine();
        output.WriteLine($"| {Crowd.Idle} idle, {Crowd.Busy} busy, {Crowd.HalfOpen} half-open | KiB an idle connection | busy p99 us | with idle | ratio | with half-open | ratio |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var (who, crowd) in crowds)
        {
            var besieged = crowd.WithHalfOpenP99 is { } p99 ? string.Create(CultureInfo.InvariantCulture, $"{p99:0} | {p99 / crowd.BusyP99:0.00}") : "- | -";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {who.Name} | {crowd.KiBPerIdle:0.0} | {crowd.BusyP99:0} | {crowd.WithIdleP99:0} | {crowd.WithIdleP99 / crowd.BusyP99:0.00} | {besieged} |"));
        }
    }

    private static string NameOf(Kind kind) => kind switch
    {
        Kind.Tcp => "TCP",
        Kind.Tls => "TLS",
        Kind.WebSocket => "WebSocket",
        Kind.SecureWebSocket => "WebSocket over TLS",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { UseShellExecute = false, RedirectStandardOutput = true });
        return git?.StandardOutput.ReadToEnd().Trim() ?? "unknown";
    }

    private static double Median(List<Measured> rounds, Func<Measured, double> figure) =>
        rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    private static string CpuModel() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown CPU";
}
