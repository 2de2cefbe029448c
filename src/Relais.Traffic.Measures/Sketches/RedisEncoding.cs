using System.Buffers;

namespace Relais.Traffic.Measures.Sketches;

/// <summary>
/// Sketches as the bytes of Redis's HyperLogLog strings: what is written here can be SET there and counted by PFCOUNT, and what GET gives there is read
/// here. Sparse while few registers are set, else the 12,288 packed bytes.
/// </summary>
/// <remarks>
/// A head of 16 bytes: "HYLL", 0 dense or 1 sparse, three zeros, a kept count of which the highest bit says "stale". Then the registers; sparse ones as runs:
/// 00xxxxxx of 1 to 64 zeros, 01xxxxxx xxxxxxxx of 1 to 16,384 zeros, 1vvvvvxx of 1 to 4 times the rank 1 to 32.
/// </remarks>
public static class RedisEncoding
{
    private const int HeadBytes = 16;
    private const int MostSparseBytes = 3000;
    private const int MostSparseRank = 32;
    private const byte Dense = 0;
    private const byte Sparse = 1;
    private const byte Stale = 0x80;

    public static byte[] Write(HyperLogLog sketch)
    {
        var output = new ArrayBufferWriter<byte>(HeadBytes + HyperLogLog.DenseBytes);
        if (!sketch.IsSparse || !TryWriteRuns(sketch, output))
        {
            output.ResetWrittenCount();
            WriteHead(output, Dense);
            WritePacked(sketch, output.GetSpan(HyperLogLog.DenseBytes)[..HyperLogLog.DenseBytes]);
            output.Advance(HyperLogLog.DenseBytes);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <returns>Null for bytes that are no sketch: a wrong head or length, runs that do not end with the last register, a rank that no hash has.</returns>
    public static HyperLogLog? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes || !bytes.StartsWith("HYLL"u8) || bytes[5..8].ContainsAnyExcept((byte)0))
            return null;
        var registers = bytes[HeadBytes..];
        return bytes[4] switch
        {
            Dense when registers.Length == HyperLogLog.DenseBytes => ReadPacked(registers),
            Sparse => ReadRuns(registers),
            _ => null,
        };
    }

    private static HyperLogLog? ReadPacked(ReadOnlySpan<byte> registers)
    {
        var sketch = HyperLogLog.FromPacked(registers);
        for (var register = 0; register < HyperLogLog.Registers; register++)
        {
            if (sketch.RankOf(register) > HyperLogLog.RankBits + 1)
                return null;
        }

        return sketch;
    }

    private static HyperLogLog? ReadRuns(ReadOnlySpan<byte> runs)
    {
        var (sketch, register) = (new HyperLogLog(), 0);
        for (var at = 0; at < runs.Length; at++)
        {
            var code = runs[at];
            if (code >= 0x80)
            {
                var (rank, length) = (((code >> 2) & 31) + 1, (code & 3) + 1);
                if (register + length > HyperLogLog.Registers)
                    return null;
                for (var end = register + length; register < end; register++)
                    sketch.Raise(register, rank);
            }
            else if (code < 0x40)
            {
                register += code + 1;
            }
            else if (++at < runs.Length)
            {
                register += ((code & 63) << 8 | runs[at]) + 1;
            }
            else
            {
                return null;
            }

            if (register > HyperLogLog.Registers)
                return null;
        }

        return register == HyperLogLog.Registers ? sketch : null;
    }

    private static bool TryWriteRuns(HyperLogLog sketch, ArrayBufferWriter<byte> output)
    {
        WriteHead(output, Sparse);
        var register = 0;
        while (register < HyperLogLog.Registers)
        {
            var (rank, start) = (sketch.RankOf(register), register);
            if (rank > MostSparseRank || output.WrittenCount > MostSparseBytes)
                return false;
            var most = rank == 0 ? HyperLogLog.Registers : 4;
            while (register < HyperLogLog.Registers && register - start < most && sketch.RankOf(register) == rank)
                register++;
            WriteRun(output, rank, register - start);
        }

        return output.WrittenCount - HeadBytes <= MostSparseBytes;
    }

    private static void WriteRun(ArrayBufferWriter<byte> output, int rank, int length)
    {
        var to = output.GetSpan(2);
        switch (rank, length)
        {
            case (0, <= 64):
                to[0] = (byte)(length - 1);
                output.Advance(1);
                break;
            case (0, _):
                (to[0], to[1]) = ((byte)(0x40 | ((length - 1) >> 8)), (byte)(length - 1));
                output.Advance(2);
                break;
            default:
                to[0] = (byte)(0x80 | ((rank - 1) << 2) | (length - 1));
                output.Advance(1);
                break;
        }
    }

    private static void WritePacked(HyperLogLog sketch, Span<byte> to)
    {
        if (!sketch.IsSparse)
        {
            sketch.Packed.CopyTo(to);
            return;
        }

        var packed = HyperLogLog.FromPacked([]);
        packed.Merge(sketch);
        packed.Packed.CopyTo(to);
    }

    private static void WriteHead(ArrayBufferWriter<byte> output, byte encoding)
    {
        output.Write("HYLL"u8);
        output.Write((ReadOnlySpan<byte>)[encoding, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Stale]);
    }
}
