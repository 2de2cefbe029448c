using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>
/// Carries a target's answers to the start-up frame by frame, until the Font Map that ends it. IronRDP drops what shares a message with the
/// Font Map, and xrdp sends its request for dynamic channels right behind it: together they would leave a desktop that never resizes.
/// </summary>
internal static class RdpServerStartUp
{
    private const int BufferSize = 2 * Tpkt.MaxLength;

    /// <returns>Null when over, so that the rest may be copied; otherwise how the relay ended.</returns>
    public static async Task<RelayEnd?> RunAsync(Stream target, Stream browser, RelayCounters counters, ClipboardGate? clipboard, Func<bool> over, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var blame = RelayEnd.TargetLost;
        try
        {
            var filled = 0;
            while (true)
            {
                var read = await target.ReadAsync(buffer.AsMemory(filled), stop);
                if (read == 0)
                    return RelayEnd.TargetLeft;
                if (over())
                    return RelayEnd.Stopped;
                counters.AddToBrowser(read);
                filled += read;

                blame = RelayEnd.BrowserLost;
                var (taken, done) = await WriteFramesAsync(buffer.AsMemory(0, filled), browser, clipboard, stop);
                if (done)
                    return null;
                blame = RelayEnd.TargetLost;
                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            return stop.IsCancellationRequested ? RelayEnd.Stopped : blame;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static async Task<(int Taken, bool Done)> WriteFramesAsync(
        ReadOnlyMemory<byte> bytes, Stream browser, ClipboardGate? clipboard, CancellationToken stop)
    {
        var rest = new ReadOnlySequence<byte>(bytes);
        while (true)
        {
            var taken = bytes.Length - (int)rest.Length;
            switch (Tpkt.TryReadFrame(ref rest, Tpkt.MaxLength, out var frame))
            {
                case ReadResult.Complete:
                    // Before the client has it, so that nothing of its clipboard can be under way already.
                    clipboard?.LearnNumbers(frame.FirstSpan);
                    await browser.WriteAsync(frame.First, stop);
                    if (FontMap.Is(frame.FirstSpan))
                    {
                        if (!rest.IsEmpty)
                            await browser.WriteAsync(rest.First, stop);
                        return (bytes.Length, true);
                    }

                    break;
                case ReadResult.NeedMore:
                    return (taken, false);
                case ReadResult.Malformed:
                    // Fast path, CredSSP, or nothing of RDP: the client judges it.
                    await browser.WriteAsync(rest.First, stop);
                    return (bytes.Length, true);
            }
        }
    }
}
