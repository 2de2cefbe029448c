using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Rfb;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Consoles;

/// <summary>
/// A browser's side of VNC whose clipboard messages are left out, where the policy closes the clipboard. The other direction stays open: to
/// find a server's clipboard among its pictures, all their encodings would have to be understood.
/// </summary>
internal sealed class VncWithoutPaste(Stream browser) : DuplexStream
{
    private readonly byte[] _held = new byte[RfbClientMessage.HeaderLimit];
    private int _heldLength;

    // ClientInit, one byte, comes before the first message.
    private long _passing = 1;
    private long _dropping;

    /// <exception cref="IOException">The browser sent a message that is not known.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Room for a header that was held back, whose message now passes.
            _held.AsSpan(0, _heldLength).CopyTo(buffer.Span);
            var read = await browser.ReadAsync(buffer[_heldLength..], cancellationToken);
            if (read == 0)
                return 0;
            var filled = _heldLength + read;
            _heldLength = 0;
            var kept = Filter(buffer.Span[..filled]);
            if (kept > 0)
                return kept;
        }
    }

    // Moves what stays to the front.
    private int Filter(Span<byte> bytes)
    {
        var (at, kept) = (0, 0);
        while (at < bytes.Length)
        {
            if (_dropping > 0)
            {
                var gone = (int)Math.Min(_dropping, bytes.Length - at);
                (_dropping, at) = (_dropping - gone, at + gone);
            }
            else if (_passing > 0)
            {
                var stays = (int)Math.Min(_passing, bytes.Length - at);
                bytes.Slice(at, stays).CopyTo(bytes[kept..]);
                (_passing, at, kept) = (_passing - stays, at + stays, kept + stays);
            }
            else
            {
                var header = new ReadOnlySequence<byte>(bytes.Slice(at, Math.Min(RfbClientMessage.HeaderLimit, bytes.Length - at)).ToArray());
                switch (RfbClientMessage.TryMeasure(header, out var kind, out var length))
                {
                    case ReadResult.Malformed:
                        throw new IOException($"The browser sent a VNC message of the unknown kind {kind}.");
                    case ReadResult.NeedMore:
                        _heldLength = bytes.Length - at;
                        bytes[at..].CopyTo(_held);
                        return kept;
                    default:
                        if (kind == RfbClientMessage.CutText)
                            _dropping = length;
                        else
                            _passing = length;
                        break;
                }
            }
        }

        return kept;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => browser.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => browser.FlushAsync(cancellationToken);
}
