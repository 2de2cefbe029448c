using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Net;
using Relais.Traffic.Collector;
using Relais.Traffic.Imports;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Logs;
using Relais.Traffic.Sites;
using LogReader = Relais.Traffic.Log.LogReader;

namespace Relais.Gateway.Fuzz;

/// <summary>A collector's body of many beacons, a server's log that is imported, and the segments that a collector finds when it starts.</summary>
internal static class TrafficFileTargets
{
    private const long NowMs = 1_795_806_000_000;

    // Small, so that mutations reach the next block.
    private const int MostOfSegment = 1 << 16;

    private static readonly KnownSite Site = new(7, "Essai", new byte[32], ConsentMode.Consented, FrozenSet<string>.Empty, null);

    public static int Body(byte[] bytes)
    {
        var sender = new KnownSender();
        sender.Meet(Site, new byte[32], IPAddress.Loopback, "Mozilla/5.0 (X11; Linux x86_64)");
        var writer = new RecordWriter(Site, sender, NowMs);
        // As much as the collector rents.
        var records = new byte[RecordWriter.Room(bytes.Length)];
        writer.TakeLines(bytes, records);
        var taken = writer.Result;
        ReadOnlySpan<byte> rest = records.AsSpan(0, taken.Bytes);
        var count = 0;
        for (; Traffic.Measures.Records.Record.TryRead(ref rest, out var record); count++)
            Targets.Promise(record.Site == Site.Id && record.ReceivedMs == NowMs && record.Visitor != 0, "a record tells of its site, moment and visitor");
        Targets.Promise(rest.IsEmpty && count == taken.Count, "as many records as were taken, and nothing else");
        Targets.Promise(count <= TakeBeacons.MostBeacons, "no more than a body may have");
        Targets.Promise(count + taken.Malformed + taken.FromFuture + taken.OptedOut > 0, "a body tells something, or is malformed");
        return HashCode.Combine(Math.Min(count, 20), Math.Min(taken.Malformed, 20), taken.FromFuture > 0, taken.OptedOut > 0, taken.Fault);
    }

    public static int LogLines(byte[] bytes)
    {
        var whole = bytes.Length % 2 == 0;
        using var source = new LineSource(new MemoryStream(bytes), whole);
        var (reader, lines, behaviour) = ((Traffic.Measures.Logs.LogReader?)null, 0L, default(HashCode));
        while (source.TryNext(out var line))
        {
            lines++;
            Targets.Promise(line.Length <= LogText.LongestLine + (256 * 1024) + 1 && line.IndexOf((byte)'\n') < 0, "a line is one");
            reader ??= new Traffic.Measures.Logs.LogReader(Traffic.Measures.Logs.LogReader.FormatOf(line) ?? LogFormat.Combined);
            var fault = reader.TryRead(line, out var entry);
            Targets.Promise(fault == LineFault.None || entry is null, "an entry or a fault");
            if (entry is not null)
            {
                Targets.Promise(entry.At >= 0 && entry.Status is >= 100 and <= 599 && entry.Seconds is null or >= 0 && entry.Path.IndexOf('?', StringComparison.Ordinal) < 0, "an entry is within its limits and without a query");
                behaviour.Add(Mounts.Is(entry));
                behaviour.Add(Agents.DeviceOf(entry.Agent));
                behaviour.Add(Agents.PlayerOf(entry.Agent).Length);
                Targets.Promise(!Mounts.Is(entry) || Mounts.ChannelOf(entry) is not null, "a mount has a channel");
            }

            behaviour.Add(fault);
        }

        Targets.Promise(source.Line == lines && source.Offset <= bytes.Length, "lines are counted, and no more is read than is there");
        Targets.Promise(source.LeftHalf || source.Offset == bytes.Length, "all is read, unless its last line is half");
        Targets.Promise(!whole || !source.LeftHalf, "a whole log has no half lines");
        behaviour.Add(reader?.Format);
        return behaviour.ToHashCode();
    }

    public static int Segment(byte[] bytes)
    {
        var asItIs = Recover(bytes);
        // Whoever changed a file could compute its sums anew.
        var mended = bytes.Length > MostOfSegment ? bytes[..MostOfSegment] : (byte[])bytes.Clone();
        for (var at = 0; at + BlockHeader.Length <= mended.Length; at += BlockHeader.Alignment)
        {
            if (BlockHeader.TryRead(mended.AsSpan(at), out var header) && header.PayloadLength <= mended.Length - at - BlockHeader.Length)
                BlockHeader.Seal(mended.AsSpan(at, BlockHeader.Length + header.PayloadLength), header.Count, header.First, header.WrittenMs, header.Segment);
        }

        return HashCode.Combine(asItIs, Recover(mended));
    }

    private static int Recover(byte[] bytes)
    {
        // Two segments: what a start finds behind one that was ended well.
        var half = BinaryPrimitives.ReadUInt16LittleEndian([.. bytes.Take(2), 0, 0]) % 8 * BlockHeader.Alignment;
        var files = new KeptFiles(bytes.Length > half && half > 0 ? [bytes[..half], bytes[half..]] : [bytes]);
        var before = Read(files, new LogPosition(long.MaxValue, 0, 0));
        var end = Recovery.Find(files);
        var after = Read(files, end);
        Targets.Promise(after.Blocks <= before.Blocks && after.Records <= before.Records, "a start finds no more than is there");
        Targets.Promise(Recovery.Find(files) == end, "a second start finds the same");
        Targets.Promise(after.Blocks == 0 || after.Next <= end.Sequence, "numbers go on behind the last one");
        return HashCode.Combine(Math.Min(before.Blocks, 20), Math.Min(after.Blocks, 20), after.Lost > 0, end.Segment, end.Offset > 0);
    }

    private static (int Blocks, long Records, long Lost, long Next) Read(KeptFiles files, LogPosition end)
    {
        using var reader = new LogReader(files, LogPosition.Start);
        var (blocks, records, lost, next, segment) = (0, 0L, 0L, 0L, 0L);
        while (reader.TryRead(end, out var block))
        {
            next = block.Next.Segment == segment ? next : 0;
            Targets.Promise(block.First >= next && block.Lost >= 0 && block.Count > 0 && !block.Records.IsEmpty, "numbers only grow, and a block holds something");
            Targets.Promise(blocks++ < 10_000, "reading ends");
            (records, lost, next, segment) = (records + block.Count, lost + block.Lost, block.First + block.Count, block.Next.Segment);
            var rest = block.Records.Span;
            while (Traffic.Measures.Records.Record.TryRead(ref rest, out _))
            {
                // What a reader does with it.
            }
        }

        return (blocks, records, lost, next);
    }

    private sealed class KeptFiles(byte[][] segments) : ILogFiles
    {
        private readonly byte[][] _segments = segments;

        public IReadOnlyList<long> Segments() => [.. Enumerable.Range(1, _segments.Length).Select(n => (long)n)];

        public ILogFile Create(long segment, long length) => throw new InvalidOperationException("Nothing is written.");

        public ILogFile? Open(long segment) => segment >= 1 && segment <= _segments.Length ? new KeptFile(this, (int)segment - 1) : null;

        public void Delete(long segment) => throw new InvalidOperationException("Nothing is deleted.");

        private sealed class KeptFile(KeptFiles files, int place) : ILogFile
        {
            public long Length => files._segments[place].Length;

            public int Read(Span<byte> to, long at)
            {
                if (at >= Length)
                    return 0;
                var there = files._segments[place].AsSpan((int)at);
                there = there[..Math.Min(there.Length, to.Length)];
                there.CopyTo(to);
                return there.Length;
            }

            public void Write(ReadOnlySpan<byte> bytes, long at) => throw new InvalidOperationException("Nothing is written.");

            public void Sync()
            {
                // In memory.
            }

            public void Truncate(long length) => files._segments[place] = files._segments[place][..(int)length];

            public void Dispose()
            {
                // Nothing is held.
            }
        }
    }
}
