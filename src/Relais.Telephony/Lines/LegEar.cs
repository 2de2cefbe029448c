using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Lines;

/// <summary>Gets 20 ms of what both sides of a leg say, 160 samples of a-law each, in step.</summary>
/// <param name="heard">As a listener with a jitter buffer hears it: in order, with what is lost concealed; silence where there is nothing.</param>
/// <param name="spoken">As it goes out.</param>
internal delegate void VoiceTap(ReadOnlySpan<byte> heard, ReadOnlySpan<byte> spoken);

/// <summary>
/// Brings the two directions of a leg into step for those who listen to both: the pace is that of what goes out. What is heard has a jitter buffer for this alone;
/// what goes on to the interviewer's room has the room's.
/// </summary>
internal sealed class LegEar
{
    private readonly Lock _lock = new();
    private VoiceTap? _tap;
    private JitterBuffer? _buffer;

    /// <summary>Listens from now on; null for not any more.</summary>
    public void Listen(VoiceTap? tap)
    {
        lock (_lock)
            (_tap, _buffer) = (tap, tap is null ? null : new JitterBuffer());
    }

    /// <summary>Takes a packet as it came.</summary>
    /// <param name="timestamp">Of its first sample.</param>
    public void Remember(uint timestamp, ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            if (_buffer is null)
                return;
            Span<short> samples = stackalloc short[JitterBuffer.FrameSamples];
            for (var at = 0; at + JitterBuffer.FrameSamples <= payload.Length; at += JitterBuffer.FrameSamples)
            {
                G711.DecodeALaw(payload.Slice(at, JitterBuffer.FrameSamples), samples);
                _buffer.Add(timestamp + (uint)at, samples);
            }
        }
    }

    /// <summary>20 ms are over: this was said, and what was heard is due.</summary>
    public void Tell(ReadOnlySpan<byte> spoken)
    {
        lock (_lock)
        {
            if (_tap is null || _buffer is null)
                return;
            Span<short> samples = stackalloc short[JitterBuffer.FrameSamples];
            Span<byte> heard = stackalloc byte[JitterBuffer.FrameSamples];
            _buffer.Take(samples);
            G711.EncodeALaw(samples, heard);
            _tap(heard, spoken);
        }
    }
}
