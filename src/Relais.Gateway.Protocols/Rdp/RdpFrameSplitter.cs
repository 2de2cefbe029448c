using System.Buffers;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// Cuts one direction of RDP into its frames, however its bytes come. It holds bytes only while a frame is half there. After the first byte
/// that begins no frame it gives none any more.
/// </summary>
public sealed class RdpFrameSplitter
{
    private byte[]? _part;
    private int _filled;
    private bool _given;
    private bool _lost;

    /// <summary>Whether the last byte that was seen ended a frame, so that another one may be put here.</summary>
    public bool IsBetweenFrames => !_lost && (_filled == 0 || _given);

    /// <summary>Whether bytes came that begin no frame.</summary>
    public bool IsLost => _lost;

    /// <summary>Takes bytes off the front until a frame is whole.</summary>
    /// <param name="bytes">Advanced past all that was taken. To be called until it returns false, which takes the rest.</param>
    /// <param name="frame">Stands in <paramref name="bytes"/> or in here, and only until the next call.</param>
    public bool TryTake(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_given)
            Drop();
        if (_lost)
        {
            bytes = default;
            return false;
        }

        if (_filled > 0)
            return TryComplete(ref bytes, out frame);
        switch (RdpFrame.TryReadLength(bytes, out var length))
        {
            case ReadResult.Complete when length <= bytes.Length:
                frame = bytes[..length];
                bytes = bytes[length..];
                return true;
            case ReadResult.Malformed:
                _lost = true;
                break;
            default:
                Keep(ref bytes, bytes.Length);
                break;
        }

        bytes = default;
        return false;
    }

    // Takes the header first, which says how much the rest is.
    private bool TryComplete(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        while (true)
        {
            switch (RdpFrame.TryReadLength(_part.AsSpan(0, _filled), out var length))
            {
                case ReadResult.Complete when length <= _filled:
                    frame = _part.AsSpan(0, length);
                    _given = true;
                    return true;
                case ReadResult.Malformed:
                    Drop();
                    _lost = true;
                    bytes = default;
                    return false;
                case ReadResult.Complete when bytes.Length > 0:
                    Keep(ref bytes, Math.Min(bytes.Length, length - _filled));
                    break;
                case ReadResult.NeedMore when bytes.Length > 0:
                    Keep(ref bytes, 1);
                    break;
                default:
                    return false;
            }
        }
    }

    private void Keep(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count == 0)
            return;
        _part ??= ArrayPool<byte>.Shared.Rent(Tpkt.MaxLength);
        bytes[..count].CopyTo(_part.AsSpan(_filled));
        _filled += count;
        bytes = bytes[count..];
    }

    private void Drop()
    {
        if (_part is not null)
            ArrayPool<byte>.Shared.Return(_part, clearArray: true);
        (_part, _filled, _given) = (null, 0, false);
    }
}
