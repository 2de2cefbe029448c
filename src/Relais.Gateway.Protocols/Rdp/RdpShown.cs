using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// Follows what a server sends to a web client, so that somebody may join in its midst: the start-up, which a second client of the same kind
/// goes through again with the same answers, and then only what concerns the picture from here on: what was drawn before must come from elsewhere. What goes in other channels, the clipboard above all,
/// is not for them.
/// </summary>
/// <remarks>One instance serves one connection. Never throws on bytes. It holds the start-up alone: a few kilobytes.</remarks>
public sealed class RdpShown
{
    // A start-up has about twenty frames, most of them short. One that does not end cannot be joined.
    private const int StartUpLimit = 64 * 1024;

    private const byte SendDataIndication = 26 << 2;
    private const int ShareControlTypeMask = 0x0F;
    private const int DeactivateAll = 6;

    private readonly List<byte[]> _startUp = [];
    private readonly List<byte[]> _again = [];
    private int _held;
    private bool _restarting;
    private ushort _channel;
    private byte[] _codec = [];

    /// <summary>Whether the start-up is over and somebody may join.</summary>
    public bool Started { get; private set; }

    /// <summary>What somebody who joins is given first, each as a message of its own.</summary>
    public IEnumerable<byte[]> StartUp => _startUp.Concat(_again);

    /// <summary>Takes note of what precedes the first frame: the RDCleanPath answer.</summary>
    public void TakeAnswer(ReadOnlySpan<byte> bytes) => Hold(_startUp, bytes);

    /// <summary>Takes note of a whole frame.</summary>
    /// <returns>Whether those who watch are to have it.</returns>
    public bool Take(ReadOnlySpan<byte> frame)
    {
        if (frame.IsEmpty)
            return false;
        if (RdpFrame.IsFastPath(frame[0]))
        {
            if (SurfaceBits.TryReadCodecHeaders(frame, out var headers))
                _codec = headers.ToArray();
            return Started;
        }

        if (!McsFrame.TryReadData(frame, out var pdu))
            return false;
        if (!Started)
        {
            Hold(_startUp, frame);
            Started = _held <= StartUpLimit && FontMap.Is(frame) && TryReadData(pdu, out _channel, out _);
            return false;
        }

        if (McsFrame.Choice(pdu) == McsFrame.DisconnectProviderUltimatum)
            return true;
        if (!TryReadData(pdu, out var channel, out var content) || channel != _channel)
            return false;
        Restart(frame, content);
        return true;
    }

    /// <summary>The same frame as somebody needs it who has not had a picture yet: with the codec's headers, which a server sends but once.</summary>
    /// <param name="headed">Whether it has them now, so that no later frame needs them.</param>
    public byte[] First(ReadOnlySpan<byte> frame, out bool headed)
    {
        var made = SurfaceBits.With(_codec, frame);
        headed = SurfaceBits.TryReadCodecHeaders(made, out _);
        return made;
    }

    /// <summary>Whether a frame is one that somebody who was left behind may take up with: nothing in it continues what was before.</summary>
    public static bool Begins(ReadOnlySpan<byte> frame) => frame.Length > 0 && (!RdpFrame.IsFastPath(frame[0]) || SurfaceBits.Begins(frame));

    // A server may start again with another size: whoever joins goes through both.
    private void Restart(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> content)
    {
        if (ShareType(content) == DeactivateAll)
        {
            _again.Clear();
            _restarting = true;
        }

        if (!_restarting)
            return;
        if (_again.Count < 32)
            _again.Add(frame.ToArray());
        _restarting = !FontMap.Is(frame);
    }

    private void Hold(List<byte[]> frames, ReadOnlySpan<byte> bytes)
    {
        _held += bytes.Length;
        if (_held <= StartUpLimit)
            frames.Add(bytes.ToArray());
    }

    private static int ShareType(ReadOnlySpan<byte> content) => content.Length < 6 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(content[2..]) & ShareControlTypeMask;

    private static bool TryReadData(ReadOnlySpan<byte> pdu, out ushort channel, out ReadOnlySpan<byte> content)
    {
        channel = 0;
        content = default;
        if (McsFrame.Choice(pdu) != SendDataIndication || pdu.Length < 7)
            return false;
        channel = BinaryPrimitives.ReadUInt16BigEndian(pdu[3..]);
        content = pdu[6..];
        return Per.TryReadLength(ref content, out var length) && length <= content.Length;
    }
}
