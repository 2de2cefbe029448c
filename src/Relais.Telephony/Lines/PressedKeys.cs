using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Lines;

/// <summary>
/// Keys that are pressed on a leg, as named events (RFC 4733): 100 ms each, told each 20 ms with the time of its beginning, its end told three times (2.5.1.4), then a pause.
/// </summary>
internal sealed class PressedKeys
{
    public const int MostKeys = 40;

    private const int FrameSamples = JitterBuffer.FrameSamples;
    private const int ToneFrames = 5;
    private const int EndFrames = 3;
    private const int Frames = ToneFrames - 1 + EndFrames;
    private const int PauseFrames = 3;
    private const byte Volume = 10; // -10 dBm0

    private readonly Lock _lock = new();
    private readonly Queue<byte> _waiting = new();
    private int _frame = -1;
    private byte _key;
    private uint _since;

    /// <summary>False where one of them is no key, or too many wait.</summary>
    public bool Press(string keys)
    {
        lock (_lock)
        {
            var events = keys.Select(TelephoneEvent.Of).OfType<byte>().ToList();
            if (events.Count == 0 || events.Count != keys.Length || _waiting.Count + events.Count > MostKeys)
                return false;
            foreach (var key in events)
                _waiting.Enqueue(key);
            return true;
        }
    }

    /// <summary>What to send for the next 20 ms instead of voice; false where it is the voice's turn.</summary>
    /// <param name="now">The time of the next frame.</param>
    /// <param name="since">The time to send it with: that of the key's beginning.</param>
    public bool TryNext(uint now, Span<byte> payload, out uint since, out bool begins)
    {
        lock (_lock)
        {
            (since, begins) = (_since, false);
            if (_frame < 0 && _waiting.TryDequeue(out var key))
                (_frame, _key, _since, since, begins) = (0, key, now, now, true);
            if (_frame < 0)
                return false;
            var frame = _frame++;
            if (_frame >= Frames + PauseFrames)
                _frame = -1;
            if (frame >= Frames)
                return false;
            var ends = frame >= ToneFrames - 1;
            new TelephoneEvent(_key, ends, Volume, (ushort)(Math.Min(frame + 1, ToneFrames) * FrameSamples)).Write(payload);
            return true;
        }
    }
}
