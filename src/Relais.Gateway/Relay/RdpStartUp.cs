using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>Carries the client's RDP start-up through the edits of a plan.</summary>
internal sealed class RdpStartUp(RdpConnectPlan plan)
{
    private const int BufferSize = 2 * RdpConnectSequence.PduLimit;

    private readonly RdpConnectSequence _sequence = new(plan);

    /// <summary>What the client's clipboard messages go through; null when they are relayed as they are.</summary>
    public ClipboardGate? Clipboard => plan.Clipboard;

    /// <summary>What was wrong, after <see cref="RelayEnd.BrowserBrokeProtocol"/>.</summary>
    public RdpConnectFault Fault => _sequence.Fault;

    private void Rest(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> output)
    {
        if (plan.Clipboard is { } gate)
            gate.Take(bytes, output);
        else
            output.Write(bytes);
    }

    /// <summary>Reads the browser until the start-up is over.</summary>
    /// <returns>Null when done, so that the rest may be copied; otherwise how the relay ended.</returns>
    public async Task<RelayEnd?> RunAsync(
        Stream browser, Stream target, RelayCounters counters, TimeSpan time, TimeProvider clock, Func<bool> over, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var output = new ArrayBufferWriter<byte>(RdpConnectSequence.PduLimit);
        var blame = RelayEnd.BrowserLost;
        try
        {
            var filled = 0;
            while (true)
            {
                // There is always room: the sequence takes or refuses whatever fills half of the buffer.
                var read = await browser.ReadAsync(buffer.AsMemory(filled, BufferSize - filled), either.Token);
                if (read == 0)
                    return RelayEnd.BrowserLeft;
                if (over())
                    return RelayEnd.Stopped;
                counters.AddFromBrowser(read);
                var input = new ReadOnlySequence<byte>(buffer, 0, filled + read);
                var result = _sequence.Advance(ref input, output);
                if (result == ReadResult.Malformed)
                    return RelayEnd.BrowserBrokeProtocol;

                blame = RelayEnd.TargetLost;
                if (result == ReadResult.Complete)
                    Rest(input.FirstSpan, output);
                if (output.WrittenCount > 0)
                    await target.WriteAsync(output.WrittenMemory, either.Token);
                blame = RelayEnd.BrowserLost;
                if (result == ReadResult.Complete)
                    return null;

                // Written bytes may hold the password, so they are cleared and not only forgotten.
                output.Clear();
                filled = (int)input.Length;
                input.CopyTo(buffer);
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            return stop.IsCancellationRequested ? RelayEnd.Stopped : limit.IsCancellationRequested ? RelayEnd.BrowserTooSlow : blame;
        }
        finally
        {
            output.Clear();
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
