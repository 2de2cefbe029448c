using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Fuzz;

/// <summary>What a target sends to a web client, as it is followed for those who watch: frames, start-up, codec headers.</summary>
internal static class ShownTarget
{
    public static int Run(byte[] bytes)
    {
        var (frames, state) = Follow(bytes, bytes.Length);
        var (inPieces, again) = Follow(bytes, bytes.Length == 0 ? 1 : 1 + (bytes[^1] % 32));
        Targets.Promise(frames.Count == inPieces.Count && frames.Zip(inPieces).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), "any split gives the same frames");
        Targets.Promise(state == again, "any split gives the same state");
        return HashCode.Combine(Math.Min(frames.Count, 12), state);
    }

    private static (List<byte[]> Frames, int State) Follow(byte[] bytes, int step)
    {
        var (splitter, shown, frames, behaviour) = (new RdpFrameSplitter(), new RdpShown(), new List<byte[]>(), 0);
        for (var from = 0; from < bytes.Length; from += step)
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(from, Math.Min(step, bytes.Length - from));
            while (splitter.TryTake(ref part, out var frame))
            {
                frames.Add(frame.ToArray());
                var forWatchers = shown.Take(frame);
                Targets.Promise(!forWatchers || shown.Started, "nothing is shown before the start-up is over");
                var first = shown.First(frame, out var headed);
                Targets.Promise(first.Length >= frame.Length, "a first picture loses nothing");
                ReadOnlySpan<byte> whole = first;
                Targets.Promise(RdpFrame.TryReadLength(whole, out var length) == Protocols.ReadResult.Complete && length == whole.Length, "a first picture is a frame");
                behaviour = HashCode.Combine(behaviour, forWatchers, headed, RdpShown.Begins(frame));
            }

            Targets.Promise(part.IsEmpty, "all that is given is taken");
        }

        Targets.Promise(shown.StartUp.Sum(f => (long)f.Length) < 4 * 1024 * 1024, "the start-up is bounded");
        return (frames, HashCode.Combine(behaviour, shown.Started, shown.StartUp.Count()));
    }
}
