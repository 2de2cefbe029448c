using System.Buffers.Binary;

namespace Relais.Traffic.Log.Tests;

/// <summary>Numbers as records, appended and read back.</summary>
internal static class LogTestKit
{
    public static readonly SegmentLogOptions Small = new() { SegmentBytes = 16 << 10, BufferBytes = 4 << 10, LongestWait = TimeSpan.FromMinutes(1) };

    public static SegmentLog Open(ILogFiles files, SegmentLogOptions? options = null, TimeProvider? clock = null) =>
        SegmentLog.Open(files, options ?? Small, clock ?? TimeProvider.System);

    public static AppendResult Append(this SegmentLog log, int number, out Task<bool> durable)
    {
        Span<byte> record = stackalloc byte[100];
        record.Fill((byte)number);
        BinaryPrimitives.WriteInt32LittleEndian(record, number);
        return log.TryAppend(record, 1, out durable);
    }

    /// <summary>Appends one after the other, each once the one before is on disk.</summary>
    public static async Task<List<int>> AppendAllAsync(this SegmentLog log, int first, int count)
    {
        var acknowledged = new List<int>();
        foreach (var number in Enumerable.Range(first, count))
        {
            if (log.Append(number, out var durable) is AppendResult.Taken && await durable)
                acknowledged.Add(number);
        }

        return acknowledged;
    }

    /// <summary>All that a reader sees who comes after a start.</summary>
    public static (List<int> Numbers, long Lost) ReadAll(ILogFiles files)
    {
        using var log = Open(files);
        return ReadAll(files, log.End);
    }

    public static (List<int> Numbers, long Lost) ReadAll(ILogFiles files, LogPosition end)
    {
        using var reader = new LogReader(files, LogPosition.Start);
        var (numbers, lost) = (new List<int>(), 0L);
        while (reader.TryRead(end, out var block))
        {
            lost += block.Lost;
            for (var i = 0; i < block.Count; i++)
                numbers.Add(BinaryPrimitives.ReadInt32LittleEndian(block.Records.Span[(i * 100)..]));
        }

        return (numbers, lost);
    }
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class HeldClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddDays(20_000) + TimeSpan.FromTicks(GetTimestamp());

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}

/// <summary>Holds every sync until it is let through. Made after the log, so that it opens before the log is closed, also when a test fails.</summary>
internal sealed class SyncGate : IDisposable
{
    private readonly SemaphoreSlim _let = new(0);
    private readonly SemaphoreSlim _reached = new(0);

    public SyncGate(FragileFiles files) => files.BeforeSync = () =>
    {
        _reached.Release();
        _let.Wait();
    };

    public void Let(int syncs) => _let.Release(syncs);

    public Task ReachedAsync() => _reached.WaitAsync();

    // Not disposed: the writer may be on its way to them.
    public void Dispose() => _let.Release(10_000);
}
