using System.Buffers.Binary;
using System.Net;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Collector;

/// <summary>How many beacons a network sends in a second, in a table of fixed size: a flood of addresses takes no memory. Networks that share a place share a limit.</summary>
internal sealed class NetworkLimit(int perSecond, bool sparesLoopback = true)
{
    private const int Places = 1 << 14;

    // The second in the upper half, the count in the lower.
    private readonly long[] _counts = new long[Places];

    public bool Allows(IPAddress? address, long second, int beacons)
    {
        // This machine itself is a proxy that nobody named, or a test of load.
        if (perSecond == 0 || address is null || (sparesLoopback && IPAddress.IsLoopback(address)))
            return true;
        Span<byte> network = stackalloc byte[16];
        VisitorKeys.Cut(address, network);
        // Mixed anew in each process, so that nobody can choose networks that share a place.
        var mixed = (uint)HashCode.Combine(BinaryPrimitives.ReadUInt64LittleEndian(network), BinaryPrimitives.ReadUInt64LittleEndian(network[8..]));
        ref var place = ref _counts[mixed % Places];
        while (true)
        {
            var seen = Volatile.Read(ref place);
            var count = (seen >> 32) == (second & int.MaxValue) ? (uint)seen : 0;
            if (count + beacons > perSecond)
                return false;
            if (Interlocked.CompareExchange(ref place, ((second & int.MaxValue) << 32) | (count + (uint)beacons), seen) == seen)
                return true;
        }
    }
}
