using System.Buffers;
using System.Net.WebSockets;

namespace Relais.Gateway.Relay;

/// <summary>Carries bytes both ways between a browser and a target until one of them, idleness or the gateway ends it.</summary>
internal sealed class ByteRelay(RelaySide browser, RelaySide target, RelayCounters counters, RelayLimits limits, TimeProvider clock)
{
    // Input is small; a TLS record is at most 16 KB, and plain targets fill larger buffers when they have much to send. With the head of a
    // WebSocket's message they fill four records, and not a fifth with its last bytes.
    private const int FromBrowserBuffer = 16 * 1024;
    private const int ToBrowserBuffer = (64 * 1024) - 16;

    // For a browser to take the reason why it is cut.
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private volatile bool _over;

    /// <summary>
    /// Runs to the end and says whose it was. Memory is bounded by the two buffers: a side that stops reading stops the other's sending.
    /// Neither stream is disposed.
    /// </summary>
    /// <param name="startUp">What is done to an RDP client's first bytes; null relays all bytes as they are.</param>
    /// <param name="cancel">Ends the relay as <see cref="RelayEnd.Stopped"/>; the browser is told.</param>
    public async Task<RelayEnd> RunAsync(RdpStartUp? startUp, CancellationToken cancel)
    {
        InlineSockets.Use(browser, target);
        using var stopUp = new CancellationTokenSource();
        using var stopDown = new CancellationTokenSource();
        var told = new TaskCompletionSource<RelayEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancel.Register(() => told.TrySetResult(RelayEnd.Stopped));
        using var idle = new IdleWatch(counters, limits.Idle, clock, () => told.TrySetResult(RelayEnd.Idle));

        var up = ApartAsync(UpAsync(startUp, stopUp.Token));
        var down = ApartAsync(DownAsync(startUp, stopDown.Token));
        var end = await await Task.WhenAny(up, down, told.Task);

        using var drain = new CancellationTokenSource(limits.Drain, clock);
        switch (end)
        {
            case RelayEnd.BrowserLeft when browser.HalfCloses:
                await FinishAsync(target, end, drain.Token);
                await UntilAsync(Task.WhenAny(down, told.Task), drain.Token);
                await FinishAsync(browser, end, drain.Token);
                break;
            case RelayEnd.TargetLeft:
                await FinishAsync(browser, end, drain.Token);
                await UntilAsync(Task.WhenAny(up, told.Task), drain.Token);
                await FinishAsync(target, end, drain.Token);
                break;
            default:
                // A WebSocket is aborted when a pending read is cancelled, and the reason is lost with it. So the browser is told first and
                // given a moment to answer; what else it sends by then goes nowhere.
                _over = true;
                using (var farewell = new CancellationTokenSource(FarewellTime, clock))
                {
                    await stopDown.CancelAsync();
                    await down;
                    await FinishAsync(browser, end, farewell.Token);
                    if (!browser.HalfCloses)
                        await UntilAsync(up, farewell.Token);
                }

                await stopUp.CancelAsync();
                await up;
                await FinishAsync(target, end, drain.Token);
                break;
        }

        await stopUp.CancelAsync();
        await stopDown.CancelAsync();
        await Task.WhenAll(up, down);
        return end;
    }

    // The copying may go on at the thread that polls its socket; what comes after it writes to the database and may take its time.
    private static async Task<RelayEnd> ApartAsync(Task<RelayEnd> copying)
    {
        await ((Task)copying).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await copying;
    }

    private async Task<RelayEnd> UpAsync(RdpStartUp? startUp, CancellationToken stop)
    {
        if (startUp is not null && await startUp.RunAsync(browser.Stream, target.Stream, counters, limits.StartUp, clock, () => _over, stop) is { } end)
            return end;
        var to = startUp?.Clipboard is { } gate ? new GatedStream(target.Stream, gate) : target.Stream;
        return await CopyAsync(
            browser.Stream, to, FromBrowserBuffer, counters.AddFromBrowser, RelayEnd.BrowserLeft, RelayEnd.BrowserLost, RelayEnd.TargetLost, stop);
    }

    private async Task<RelayEnd> DownAsync(RdpStartUp? startUp, CancellationToken stop)
    {
        if (startUp is not null && await RdpServerStartUp.RunAsync(target.Stream, browser.Stream, counters, startUp.Clipboard, () => _over, stop) is { } end)
            return end;
        return await CopyAsync(
            target.Stream, browser.Stream, ToBrowserBuffer, counters.AddToBrowser, RelayEnd.TargetLeft, RelayEnd.TargetLost, RelayEnd.BrowserLost, stop);
    }

    // Blames whoever owned the call in flight: a failed read is the sender breaking off, a failed write the receiver.
    private async Task<RelayEnd> CopyAsync(
        Stream from, Stream to, int size, Action<int> count, RelayEnd left, RelayEnd fromLost, RelayEnd toLost, CancellationToken stop)
    {
        byte[]? buffer = null;
        var blame = fromLost;
        try
        {
            while (true)
            {
                // Who is at rest holds no buffer.
                if (DuplexStream.Awaits(from) && await from.ReadAsync(Memory<byte>.Empty, stop) != 0)
                    throw new InvalidOperationException("Nothing was asked for, and something came.");
                // A WebSocket says that it closes to whoever waits, and is then read no more.
                if (from is WebSocketStream { WebSocket.State: WebSocketState.CloseReceived or WebSocketState.Closed })
                    return left;
                buffer = ArrayPool<byte>.Shared.Rent(size);
                int read;
                do
                {
                    read = await from.ReadAsync(buffer.AsMemory(0, size), stop);
                    if (read == 0)
                        return left;
                    if (_over)
                        continue;
                    count(read);
                    blame = toLost;
                    await to.WriteAsync(buffer.AsMemory(0, read), stop);
                    blame = fromLost;
                }
                while (read == size);

                ArrayPool<byte>.Shared.Return(buffer);
                buffer = null;
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            return stop.IsCancellationRequested ? RelayEnd.Stopped : blame;
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task FinishAsync(RelaySide side, RelayEnd end, CancellationToken limit)
    {
        try
        {
            await side.Finish(end, limit);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e) || e is InvalidOperationException or NotSupportedException)
        {
            // Whoever is not there any more need not be told; an SslStream with a write under way says so by NotSupported.
        }
    }

    private static async Task UntilAsync(Task happening, CancellationToken limit)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = limit.Register(over.SetResult);
        await Task.WhenAny(happening, over.Task);
    }
}
