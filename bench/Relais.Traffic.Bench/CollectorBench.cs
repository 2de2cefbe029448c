using System.Globalization;
using Relais.Traffic.Log;

namespace Relais.Traffic.Bench;

/// <summary>The collector of the whole product, fsync before each answer, beside nginx's 204 with a buffered log: the same load, turn by turn.</summary>
internal static class CollectorBench
{
    private const double Aim = 0.7;
    private const int WarmSeconds = 12;

    public static async Task<int> RunAsync(string program, string connection, string folder, int seconds, int rounds)
    {
        using var nginx = new Nginx(Path.Combine(folder, "nginx"));
        using var server = new ServerUnderTest(program, connection, Path.Combine(folder, "collector"));
        await nginx.StartAsync();
        await server.StartAsync();
        var key = await server.KeyAsync();
        var (ours, theirs, seed) = (new List<Turn>(), new List<Turn>(), 0);
        // The compiler learns what is hot, of a whole server; not counted, but in the log.
        var warm = await OursAsync(WarmSeconds);
        await NginxAsync(1);
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(await OursAsync(seconds));
            theirs.Add(await NginxAsync(seconds));
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"round {round + 1} of {rounds}: {ours[^1].PerSecond:0} to {theirs[^1].PerSecond:0} a second"));
        }

        var peak = server.PeakMiB();
        await server.StopAsync();
        var answered = ours.Append(warm).Sum(t => t.Requests - t.Refused);
        var kept = Records(server.Log);
        Console.WriteLine("| 300-byte beacons, 512 keep-alive connections, wrk | requests/s, median | least | most | CPU µs a request | p50 ms | p99 ms | not 204 |\n|---|---|---|---|---|---|---|---|");
        Say("nginx `return 204`, log buffered, not on disk", theirs);
        Say("relais, on disk before the 204, counted live", ours);
        var ratios = ours.Zip(theirs, (a, b) => a.PerSecond / b.PerSecond).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"\nratio of each round: median {ratios[ratios.Count / 2]:0.00}, from {ratios[0]:0.00} to {ratios[^1]:0.00} (aim {Aim:0.0}); {peak:0} MiB at most"));
        // More than that is there: wrk hangs up on what is under way.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"answered 204: {answered}; in the log: {kept}; lost {Math.Max(0, answered - kept)}"));
        return kept >= answered ? 0 : 1;

        Task<Turn> OursAsync(int time) => Wrk.RunAsync(server.Address, key, time, ++seed, server.ProcessId, folder);
        Task<Turn> NginxAsync(int time) => Wrk.RunAsync(nginx.Address, key, time, ++seed, nginx.ProcessId, folder);
    }

    private static void Say(string who, List<Turn> turns)
    {
        var sorted = turns.OrderBy(t => t.PerSecond).ToList();
        var middle = sorted[sorted.Count / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {who} | {middle.PerSecond:0} | {sorted[0].PerSecond:0} | {sorted[^1].PerSecond:0} | {middle.CpuMicroseconds:0.0} | {middle.P50Ms:0.0} | {middle.P99Ms:0.0} | {turns.Sum(t => t.Refused)} |"));
    }

    private static long Records(string log)
    {
        var files = new DiskFiles(log);
        using var reader = new LogReader(files, LogPosition.Start);
        long count = 0;
        while (reader.TryRead(new LogPosition(long.MaxValue, 0, 0), out var block))
            count += block.Count;
        return count;
    }
}
