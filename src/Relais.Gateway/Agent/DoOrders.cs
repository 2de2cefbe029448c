using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Agents;
using Relais.Gateway.Relay;
using Relais.Gateway.Sites;

namespace Relais.Gateway.Agent;

/// <summary>Does what the server asks over one link, several things at a time and no more than it may.</summary>
internal sealed class DoOrders(ClientWebSocket link, AgentIdentity identity, AgentPolicy policy, TimeProvider clock, TextWriter say, CancellationToken over)
    : IAsyncDisposable
{
    /// <summary>Connections carried at once, and other orders: each carried one holds two buffers of at most 64 KiB.</summary>
    public const int AtOnce = 512;

    private static readonly TimeSpan DialTime = TimeSpan.FromSeconds(10);

    // Together with an ordinary dial within the time for which a person's connection is waited for.
    private static readonly TimeSpan CarryTime = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _room = new(AtOnce, AtOnce);
    private readonly SemaphoreSlim _sending = new(1, 1);

    public async Task StartAsync(AgentOrder order)
    {
        if (_room.Wait(TimeSpan.Zero, CancellationToken.None))
            _ = DoAsync(order);
        else
            await AnswerAsync(new AgentAnswer(order.Id, AgentFault.Busy));
    }

    /// <summary>Waits for what was started; the link's end has told it to end.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < AtOnce; i++)
            await _room.WaitAsync(CancellationToken.None);
        _room.Dispose();
        _sending.Dispose();
    }

    private async Task DoAsync(AgentOrder order)
    {
        try
        {
            if (await DeedAsync(order) is { } answer)
                await AnswerAsync(answer);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e) || e is HttpRequestException)
        {
            // The link is gone, or the server gave the connection up meanwhile.
        }
        finally
        {
            _room.Release();
        }
    }

    // Null when a WebSocket of its own was the answer.
    private async Task<AgentAnswer?> DeedAsync(AgentOrder order) => order.Do switch
    {
        AgentDeed.Dial => await DialAsync(order) is { } fault ? new AgentAnswer(order.Id, fault) : null,
        AgentDeed.Resolve => await ResolveAsync(order),
        AgentDeed.Wake => new AgentAnswer(order.Id, await WakeAsync(order.What)),
    };

    private async Task<AgentFault?> DialAsync(AgentOrder order)
    {
        if (!IPEndPoint.TryParse(order.What, out var address) || address.Port == 0)
            return AgentFault.NotUnderstood;
        if (!policy.Allows(address))
            return AgentFault.NotAllowed;

        using var target = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (var late = new CancellationTokenSource(DialTime, clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, over))
        {
            try
            {
                await target.ConnectAsync(address, either.Token);
            }
            catch (SocketException e)
            {
                return e.SocketErrorCode switch
                {
                    SocketError.ConnectionRefused => AgentFault.Refused,
                    SocketError.TimedOut => AgentFault.TooSlow,
                    _ => AgentFault.Unreachable,
                };
            }
            catch (OperationCanceledException) when (!over.IsCancellationRequested)
            {
                return AgentFault.TooSlow;
            }
        }

        return await CarryAsync(order.Id, target) ? null : AgentFault.NotCarried;
    }

    // False when there is no WebSocket to carry it.
    private async Task<bool> CarryAsync(string ticket, Socket target)
    {
        using var http = AgentHttp.Open(identity.Server, identity.Authority);
        using var socket = HoldLink.NewSocket(identity);
        socket.Options.SetRequestHeader(AgentDoor.TicketHeader, ticket);
        if (!await OpenAsync(socket, http))
            return false;
        await using var carried = new CarriedStream(socket);
        // The server watches over the session's times; here a connection ends with either end, or with the link.
        var limits = new RelayLimits(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await new ByteRelay(carried.Side, RelaySide.Of(target), new RelayCounters(), limits, clock).RunAsync(null, over);
        return true;
    }

    private async Task<bool> OpenAsync(ClientWebSocket socket, HttpClient http)
    {
        using var late = new CancellationTokenSource(CarryTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, over);
        try
        {
            await socket.ConnectAsync(HoldLink.AddressOf(identity, AgentDoor.CarryPath), http, either.Token);
            return true;
        }
        catch (Exception e) when ((ConnectionLoss.Explains(e) || e is HttpRequestException) && !over.IsCancellationRequested)
        {
            // Not found is what the server says when whoever asked has given up meanwhile.
            if (socket.HttpStatusCode != HttpStatusCode.NotFound)
                await say.WriteLineAsync($"relais: {identity.Server.Authority} could not be asked to carry a connection: {e.InnerException?.Message ?? e.Message}");
            return false;
        }
    }

    private async Task<AgentAnswer> ResolveAsync(AgentOrder order)
    {
        IPAddress[] found;
        try
        {
            found = await Dns.GetHostAddressesAsync(order.What, over);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return new AgentAnswer(order.Id, AgentFault.NameUnknown);
        }

        // What it would not dial is nothing for the server to know.
        var allowed = found.Where(policy.Allows).Take(AgentAnswer.AddressLimit).Select(address => address.ToString()).ToList();
        return new AgentAnswer(order.Id, allowed.Count > 0 ? AgentFault.None : AgentFault.NotAllowed, allowed);
    }

    private async Task<AgentFault> WakeAsync(string what)
    {
        if (what.Length != 2 * MagicPacket.AddressLengthBytes || !what.All(char.IsAsciiHexDigit))
            return AgentFault.NotUnderstood;
        return await BroadcastWake.SendAsync(Convert.FromHexString(what), over) ? AgentFault.None : AgentFault.Unreachable;
    }

    private async Task AnswerAsync(AgentAnswer answer)
    {
        await _sending.WaitAsync(over);
        try
        {
            await link.SendAsync(answer.Write(), WebSocketMessageType.Text, endOfMessage: true, over);
        }
        finally
        {
            _sending.Release();
        }
    }
}
