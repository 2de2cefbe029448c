using System.Buffers;
using Relais.Recordings;

namespace Relais.Gateway.Fuzz;

/// <summary>The reader of recordings. Whoever changed a file could compute its CRCs anew: so they are, before it is read.</summary>
internal static class RecordingTarget
{
    public static int Run(byte[] bytes)
    {
        var asItIs = Read(bytes, bytes.Length);
        Promise(bytes, asItIs);
        var mended = Mend(bytes);
        var whole = Read(mended, mended.Length);
        Promise(mended, whole);
        return HashCode.Combine(asItIs.Result, asItIs.Chunks > 0, whole.Result, Math.Min(whole.Chunks, 16), whole.IsWhole, whole.Kinds);
    }

    private static void Promise(byte[] bytes, Reading reading)
    {
        var inPieces = Read(bytes, bytes.Length == 0 ? 1 : 1 + (bytes[^1] % 16));
        Targets.Promise(inPieces == reading, "any split gives the same");
        Targets.Promise(reading.Taken <= bytes.Length, "no more is read than is there");
    }

    private static Reading Read(byte[] bytes, int step)
    {
        var (reader, from, until, kinds) = (new RecordingReader(), 0, 0, 0);
        var (result, last) = (ReadResult.Complete, TimeSpan.Zero);
        while (result == ReadResult.Complete || (result == ReadResult.NeedMore && until < bytes.Length))
        {
            until = result == ReadResult.NeedMore || until == 0 ? Math.Min(bytes.Length, until + step) : until;
            var input = new ReadOnlySequence<byte>(bytes, from, until - from);
            if (reader.Header is null)
            {
                result = reader.TryReadHeader(ref input, out var header);
                Targets.Promise(header.Facts.Length <= RecordingHeader.FactsLimit, "the facts are within their limit");
            }
            else
            {
                result = reader.TryRead(ref input, out var chunk);
                Targets.Promise(chunk.Payload.Length <= RecordingChunk.PayloadLimit, "no payload is longer than its limit");
                Targets.Promise(reader.Time >= last, "time does not go back");
                (last, kinds) = (reader.Time, result == ReadResult.Complete ? kinds | (1 << ((int)chunk.Kind % 31)) : kinds);
            }

            from = until - (int)input.Length;
        }

        return new Reading(result, from, reader.Chunks, reader.IsWhole, kinds);
    }

    // The lengths stand where a mutation left them; only the sums are made right.
    private static byte[] Mend(byte[] bytes)
    {
        var mended = (byte[])bytes.Clone();
        if (mended.Length < 16)
            return mended;
        var facts = (int)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(mended.AsSpan(12)), int.MaxValue / 2);
        var at = 16 + facts + RecordingChunk.CrcLength;
        if (at > mended.Length)
            return mended;
        RecordingChunk.WriteCrc(mended.AsSpan(0, at));
        while (at + RecordingChunk.HeadLength + RecordingChunk.CrcLength <= mended.Length)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(mended.AsSpan(at));
            var whole = RecordingChunk.HeadLength + (long)length + RecordingChunk.CrcLength;
            if (whole > mended.Length - at)
                break;
            RecordingChunk.WriteCrc(mended.AsSpan(at, (int)whole));
            at += (int)whole;
        }

        return mended;
    }

    private readonly record struct Reading(ReadResult Result, int Taken, long Chunks, bool IsWhole, int Kinds);
}
