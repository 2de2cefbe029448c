using System.Buffers;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Fuzz;

/// <summary>What a recorded native client sends, as it is narrowed, and what its target sends, as it is made replayable.</summary>
internal static class NarrowTarget
{
    public static int Run(byte[] bytes)
    {
        var (taken, output) = Narrow(bytes, bytes.Length);
        var (again, pieces) = Narrow(bytes, bytes.Length == 0 ? 1 : 1 + (bytes[^1] % 64));
        Targets.Promise(taken == again && output.AsSpan().SequenceEqual(pieces), "any split gives the same");
        Targets.Promise(output.Length <= bytes.Length, "no length is changed");
        var (last, same) = Narrow(output, output.Length);
        Targets.Promise(last && same.AsSpan().SequenceEqual(output), "what is narrowed stays as it is");
        return HashCode.Combine(taken, output.Length / 32, Replayable(bytes), Difference(bytes, output));
    }

    private static (bool Taken, byte[] Output) Narrow(byte[] bytes, int step)
    {
        var (narrowing, output, taken) = (new RdpNarrowing(), new ArrayBufferWriter<byte>(), true);
        for (var from = 0; taken && from < bytes.Length; from += step)
            taken = narrowing.TryTake(bytes.AsSpan(from, Math.Min(step, bytes.Length - from)), output);
        return (taken, output.WrittenSpan.ToArray());
    }

    private static int Difference(byte[] bytes, byte[] output) => output.Zip(bytes).Count(pair => pair.First != pair.Second) / 8;

    private static int Replayable(ReadOnlySpan<byte> bytes)
    {
        var (splitter, replayable, behaviour) = (new RdpFrameSplitter(), new RdpReplayable(), 0);
        while (splitter.TryTake(ref bytes, out var frame))
        {
            var length = frame.Length;
            replayable.Take(frame, shown =>
            {
                Targets.Promise(RdpFrame.TryReadLength(shown, out var said) == Protocols.ReadResult.Complete && said == shown.Length, "what is shown is a frame");
                behaviour = HashCode.Combine(behaviour, shown.Length == length, replayable.Started);
            });
        }

        return behaviour;
    }
}
