using System.Diagnostics;
using System.Globalization;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Bench;

/// <summary>How many events a second one core brings from the blocks of a log into live figures: check sums, records, who is here, minutes by six dimensions, sketches, and the additions that are stored each second.</summary>
internal static class AggregateBench
{
    private const double Aim = 1.5;
    private const int PerSecond = 10_000;
    private const int Listeners = 300_000;
    private const int Rounds = 3;
    private const long Begun = 1_790_000_000_000;

    public static int Run(int events)
    {
        var folder = Directory.CreateTempSubdirectory("relais-aggregate-").FullName;
        try
        {
            var files = new DiskFiles(folder);
            using var log = SegmentLog.Open(files, new SegmentLogOptions(), TimeProvider.System);
            Fill(log, events);
            Console.WriteLine("| events | seconds | millions a second and core | cells | heap MiB |\n|---|---|---|---|---|");
            var best = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var begun = Stopwatch.GetTimestamp();
                var (aggregate, cells) = Follow(files, log.End);
                var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                if (aggregate.Counted != events)
                    throw new InvalidOperationException($"{aggregate.Counted} of {events} were counted.");
                best.Add(events / seconds / 1e6);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {events} | {seconds:0.00} | {best[^1]:0.00} | {cells} | {GC.GetTotalMemory(forceFullCollection: false) >> 20} |"));
                GC.KeepAlive(aggregate);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nmedian {best.Order().ElementAt(Rounds / 2):0.00} million events a second (aim {Aim:0.0}); {Listeners} people, {Crowd.Channels} channels, {PerSecond} events in each second of the log"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Fill(SegmentLog log, int events)
    {
        var crowd = new Crowd(Listeners, 1);
        var bytes = new byte[1 << 20];
        var (length, count) = (0, 0);
        for (var number = 0; number < events; number++)
        {
            length += crowd.Write(bytes.AsSpan(length), number, Begun + (number * 1000L / PerSecond));
            if (++count < 1000 && number < events - 1)
                continue;
            // A batch that waits is written before the next: blocks as a crowd makes them.
            if (log.TryAppend(bytes.AsSpan(0, length), count, out var durable) is not AppendResult.Taken || !durable.GetAwaiter().GetResult())
                throw new InvalidOperationException("The log did not take it.");
            (length, count) = (0, 0);
        }
    }

    private static (LiveAggregate Aggregate, long Cells) Follow(DiskFiles files, LogPosition end)
    {
        var (aggregate, cells, second) = (new LiveAggregate(), 0L, Begun / 1000);
        aggregate.BeginDay(Begun / 86_400_000 * 86_400_000, ((Begun / 86_400_000) + 1) * 86_400_000);
        using var reader = new LogReader(files, LogPosition.Start);
        while (reader.TryRead(end, out var block))
        {
            var rest = block.Records.Span;
            while (Record.TryRead(ref rest, out var record))
            {
                // What each second brings: who left, and additions to be stored.
                if (record.ReceivedMs / 1000 != second)
                {
                    second = record.ReceivedMs / 1000;
                    aggregate.Tick(record.ReceivedMs);
                    cells += aggregate.TakeCells().Count;
                    aggregate.Committed(record.ReceivedMs);
                }

                aggregate.Take(record);
            }
        }

        return (aggregate, cells + aggregate.TakeCells().Count);
    }
}
