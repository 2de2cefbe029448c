using System.Buffers;

namespace Relais.Gateway.Protocols.Tests;

/// <summary>The same bytes in any pieces, as segments of a sequence.</summary>
internal static class Split
{
    /// <summary>Cuts at the given places, taken modulo the length.</summary>
    public static ReadOnlySequence<byte> At(byte[] bytes, params int[] cuts)
    {
        int[] places = [0, .. cuts.Select(c => (int)((uint)c % (uint)(bytes.Length + 1))).Order(), bytes.Length];
        var first = new Segment(bytes.AsMemory(0, places[1]), 0);
        var last = first;
        for (var i = 1; i < places.Length - 1; i++)
            last = last.Append(bytes.AsMemory(places[i], places[i + 1] - places[i]));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
