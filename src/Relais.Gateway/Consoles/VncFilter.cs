using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Rfb;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Consoles;

/// <summary>
/// A browser's side of VNC some of whose messages are left out: the clipboard, where the policy closes it, or all that touches the screen, for
/// somebody who only watches. The other direction stays open: to find a server's clipboard among its pictures, all their encodings would have to
/// be understood.
/// </summary>
internal sealed class VncFilter : DuplexStream
{
    private readonly Stream _browser;
    private readonly bool _watches;
    private readonly byte[] _held = new byte[RfbClientMessage.HeaderLimit];
    private int _heldLength;
    private long _passing;
    private long _dropping;

    private VncFilter(Stream browser, bool watches)
    {
        (_browser, _watches) = (browser, watches);
        // ClientInit, one byte, comes before the first message.
        _passing = watches ? 0 : 1;
    }

    /// <summary>Everything but the clipboard.</summary>
    public static VncFilter WithoutPaste(Stream browser) => new(browser, watches: false);

    /// <summary>Only what asks for pictures, after ClientInit.</summary>
    public static VncFilter ToWatch(Stream browser) => new(browser, watches: true);

    /// <exception cref="IOException">The browser sent a message that is not known.</exception>
    protected override bool AwaitsWithoutBuffer => Awaits(_browser);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return await _browser.ReadAsync(buffer, cancellationToken);
        while (true)
        {
            // Room for a header that was held back, whose message now passes.
            _held.AsSpan(0, _heldLength).CopyTo(buffer.Span);
            var read = await _browser.ReadAsync(buffer[_heldLength..], cancellationToken);
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
                        if (LeavesOut(kind))
                            _dropping = length;
                        else
                            _passing = length;
                        break;
                }
            }
        }

        return kept;
    }

    private bool LeavesOut(byte kind) => kind == RfbClientMessage.CutText || (_watches && !RfbClientMessage.OnlyAsks(kind));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _browser.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _browser.FlushAsync(cancellationToken);
}
