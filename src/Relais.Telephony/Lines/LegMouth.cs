using System.Security.Cryptography;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Lines;

/// <summary>Sends a datagram; the bytes are the caller's again afterwards.</summary>
internal delegate void DatagramSender(ReadOnlySpan<byte> datagram);

/// <summary>
/// What goes out on a leg: frames that come from elsewhere go on at once, with their own spacing; where none come, what <see cref="Speak"/> gives, or silence, at an even pace.
/// Announcements and pressed keys take the place of either.
/// </summary>
internal sealed class LegMouth(uint source, byte payloadType, LegEar ear, DatagramSender send)
{
    private readonly Lock _lock = new();
    private readonly PressedKeys _keys = new();
    private readonly byte[] _packet = new byte[RtpPacket.HeaderLength + JitterBuffer.FrameSamples];
    private readonly byte[] _frame = new byte[JitterBuffer.FrameSamples];
    private readonly byte[] _key = new byte[TelephoneEvent.Length];
    private RelayedPace? _pace;
    private ReadOnlyMemory<byte> _announcement;
    private ushort _sequence = (ushort)RandomNumberGenerator.GetInt32(65_536);
    private uint _sent;

    /// <summary>Gives what to say for the next 20 ms, 160 samples of a-law; false for silence.</summary>
    public Func<Memory<byte>, bool>? Speak { get; set; }

    /// <summary>The payload type of pressed keys, as the peer wants it; null where it takes none.</summary>
    public byte? KeyPayload { get; set; }

    /// <summary>Packets so far, and the time of the next one in samples.</summary>
    public (uint Packets, uint Timestamp) Sent
    {
        get
        {
            lock (_lock)
                return (_sent, _pace?.Next ?? 0);
        }
    }

    public bool Press(string keys) => KeyPayload is not null && _keys.Press(keys);

    public void Announce(ReadOnlyMemory<byte> alaw)
    {
        lock (_lock)
            _announcement = alaw;
    }

    /// <summary>Begins to speak.</summary>
    public void Begin(TimeSpan now)
    {
        lock (_lock)
            _pace ??= new RelayedPace((uint)RandomNumberGenerator.GetInt32(int.MaxValue), now);
    }

    /// <summary>A frame from elsewhere, 160 samples of a-law.</summary>
    /// <param name="timestamp">By its sender.</param>
    public void Say(uint timestamp, ReadOnlySpan<byte> frame, TimeSpan now)
    {
        lock (_lock)
        {
            if (_pace is null || !_pace.TryFollow(timestamp, now, out var ours, out var skipped))
                return;
            _frame.AsSpan().Fill(RtpLeg.SilentSample);
            for (var i = 0; i < skipped; i++)
                ear.Tell(_frame);
            frame.CopyTo(_frame);
            Emit(ours, begins: skipped > 0);
        }
    }

    /// <summary>Says what is due where nothing came.</summary>
    public void Tick(TimeSpan now)
    {
        lock (_lock)
        {
            while (_pace is not null && _pace.TryFill(now, out var timestamp))
            {
                if (Speak is null || !Speak(_frame))
                    _frame.AsSpan().Fill(RtpLeg.SilentSample);
                Emit(timestamp, begins: false);
            }
        }
    }

    private void Emit(uint timestamp, bool begins)
    {
        // What would be said meanwhile is let go: it would come too late.
        if (!_announcement.IsEmpty)
            SayAnnouncement();
        ear.Tell(_frame);
        var length = KeyPayload is { } type && _keys.TryNext(timestamp, _key, out var since, out var pressed)
            ? RtpPacket.Write(_packet, pressed, type, _sequence++, since, source, _key)
            : RtpPacket.Write(_packet, begins || _sent == 0, payloadType, _sequence++, timestamp, source, _frame);
        send(_packet.AsSpan(0, length));
        _sent++;
    }

    private void SayAnnouncement()
    {
        var length = Math.Min(_frame.Length, _announcement.Length);
        _frame.AsSpan().Fill(RtpLeg.SilentSample);
        _announcement.Span[..length].CopyTo(_frame);
        _announcement = _announcement[length..];
    }
}
