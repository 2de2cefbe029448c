using System.Buffers.Binary;

namespace Relais.Gateway.Fuzz;

/// <summary>Changes inputs in the ways that break parsers: lengths at their edges, pieces moved, doubled or cut.</summary>
internal sealed class Mutator(Random random)
{
    private const int MaxLength = 40_000;

    private static readonly ushort[] Edges = [0, 1, 2, 3, 4, 7, 8, 0x7F, 0x80, 0x81, 0x82, 0xFF, 0x100, 0x3FFF, 0x4000, 0x7FFF, 0x8000, 0x8001, 0xC000, 0xFFFE, 0xFFFF];

    public byte[] Mutate(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (var times = 1 + random.Next(6); times > 0; times--)
            Once(bytes, other);
        if (bytes.Count > MaxLength)
            bytes.RemoveRange(MaxLength, bytes.Count - MaxLength);
        return [.. bytes];
    }

    private void Once(List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count + 1);
        var length = random.Next(Math.Min(64, bytes.Count - at) + 1);
        switch (random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 or 3 when at + 1 < bytes.Count:
                SetEdge(bytes, at);
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6 when other.Length > 0:
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, random.Next(Math.Min(600, other.Length - from) + 1)));
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                bytes.Insert(at, (byte)random.Next(256));
                break;
        }
    }

    private void SetEdge(List<byte> bytes, int at)
    {
        Span<byte> edge = stackalloc byte[2];
        var value = Edges[random.Next(Edges.Length)];
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteUInt16BigEndian(edge, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(edge, value);
        (bytes[at], bytes[at + 1]) = (edge[0], edge[1]);
    }
}
