using System.Net;
using System.Net.Sockets;

namespace Relais.Desktops.Bench;

/// <summary>Knocks at desktops' RDP ends, from the gateway's address, four times a second until it is told to end.</summary>
internal sealed class RdpWatch : IAsyncDisposable
{
    // The engine's own client answers within this, or the desktop does not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // X.224 connection request for TLS, and the first octet of its confirm (MS-RDPBCGR 2.2.1.1).
    private static readonly byte[] Request = [3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0];

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<(int Tries, int Misses)[]> _watching;

    public RdpWatch(IEnumerable<string> addresses) => _watching = Task.WhenAll([.. addresses.Select(a => WatchAsync(IPEndPoint.Parse(a)))]);

    /// <returns>How often it knocked, and how often nobody answered.</returns>
    public async Task<(int Tries, int Misses)> EndAsync()
    {
        await _stop.CancelAsync();
        var all = await _watching;
        return (all.Sum(a => a.Tries), all.Sum(a => a.Misses));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    public static async Task<bool> AnswersAsync(IPEndPoint address)
    {
        using var late = new CancellationTokenSource(Patience);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, late.Token);
            await socket.SendAsync(Request, late.Token);
            var answer = new byte[19];
            return await socket.ReceiveAsync(answer, late.Token) > 5 && answer[0] == 3 && answer[5] == 0xd0;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<(int Tries, int Misses)> WatchAsync(IPEndPoint address)
    {
        var (tries, misses) = (0, 0);
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        while (!_stop.IsCancellationRequested)
        {
            tries++;
            if (!await AnswersAsync(address))
                misses++;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return (tries, misses);
    }
}
