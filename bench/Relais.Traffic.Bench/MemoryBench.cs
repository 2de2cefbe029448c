using System.Diagnostics;
using System.Globalization;
using System.Text;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Bench;

/// <summary>What live figures take with a million people who listen at once and go from channel to channel until each of a hundred was heard by very many.</summary>
internal static class MemoryBench
{
    private const int People = 1_000_000;
    private const int Channels = 100;
    private const int Rounds = 8;
    private const double AimMiB = 300 * 1e6 / (1 << 20);
    private const long Begun = 1_790_000_000_000;

    public static int Run()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var aggregate = new LiveAggregate();
        aggregate.BeginDay(Begun / 86_400_000 * 86_400_000, ((Begun / 86_400_000) + 1) * 86_400_000);
        byte[][] channels = [.. Enumerable.Range(1, Channels).Select(n => Encoding.UTF8.GetBytes($"Radio {n}"))];
        var number = 0L;
        Console.WriteLine("| records | listening now | live MiB | heap MiB | process MiB |\n|---|---|---|---|---|");
        var most = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            for (var who = 0; who < People; who++, number++)
            {
                // 12 s a round of everybody: all are still listening at the end of the next.
                var now = Begun + (round * 12_000L) + (who * 12L / 1000);
                var visitor = Crowd.Mix((ulong)who);
                if (who % 83_333 == 0)
                    aggregate.Tick(now);
                aggregate.Take(new Record
                {
                    Id = ((UInt128)Crowd.Mix((ulong)number) << 64) | (ulong)(number + 1), Kind = round == 0 ? RecordKind.Start : RecordKind.Heartbeat, Device = DeviceKind.Mobile, Site = 1 + (who % 4), ReceivedMs = now,
                    Visitor = visitor, Session = visitor, PositionMs = (uint)round * 12_000, PlayedMs = round == 0 ? 0u : 12_000, Channel = channels[(int)(((visitor >> 8) + ((uint)round * 13)) % Channels)], Region = "FR-IDF"u8, Player = "web"u8,
                });
            }

            aggregate.TakeCells();
            aggregate.Committed(Begun);
            using var own = Process.GetCurrentProcess();
            var live = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
            most = Math.Max(most, live);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {number} | {aggregate.Listeners} | {live:0} | {GC.GetGCMemoryInfo().HeapSizeBytes / 1048576.0:0} | {own.WorkingSet64 / 1048576.0:0} |"));
        }

        var today = channels.Select(c => aggregate.Today(Dimension.Channel, Encoding.UTF8.GetString(c)).Listeners).ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nmost {most:0} MiB (aim {AimMiB:0}, which are 300 MB); different listeners today: {aggregate.Today().Listeners} in all, {today.Min()} to {today.Max()} a channel, told from sketches that take no more for a million each"));
        return 0;
    }
}
