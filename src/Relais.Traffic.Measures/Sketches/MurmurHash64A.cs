using System.Buffers.Binary;

namespace Relais.Traffic.Measures.Sketches;

/// <summary>MurmurHash64A (Austin Appleby, public domain), with the seed that Redis uses for HyperLogLog: equal input falls into equal registers there and here.</summary>
public static class MurmurHash64A
{
    private const ulong Seed = 0xadc83b19;
    private const ulong M = 0xc6a4a7935bd1e995;
    private const int R = 47;

    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ ((ulong)bytes.Length * M);
        while (bytes.Length >= sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) * M;
            word = (word ^ (word >> R)) * M;
            hash = (hash ^ word) * M;
            bytes = bytes[sizeof(ulong)..];
        }

        if (bytes.Length > 0)
        {
            for (var i = 0; i < bytes.Length; i++)
                hash ^= (ulong)bytes[i] << (8 * i);
            hash *= M;
        }

        hash = (hash ^ (hash >> R)) * M;
        return hash ^ (hash >> R);
    }
}
