using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Agents;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Sites;

/// <summary>
/// The WebSocket over which one agent is asked for things. What it carries comes over WebSockets of their own and lives no longer than this one.
/// </summary>
/// <param name="site">The normalized name of the agent's site.</param>
internal sealed class AgentLink(WebSocket socket, Guid agent, string site) : IDisposable
{
    private const int IdLengthBytes = 16;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<Reply>> _asked = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _sending = new(1, 1);

    // Never disposed: it holds nothing without a timer, and whoever ends the link, or waits for its end, may come after it was given up.
    private readonly CancellationTokenSource _closed = new();

    private sealed record Reply(AgentAnswer? Answer, CarriedStream? Carried);

    public Guid Id { get; } = Guid.NewGuid();

    public Guid Agent { get; } = agent;

    public string Site { get; } = site;

    /// <summary>Fires when the link is gone, and with it everything that the agent carries.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Reads answers until the agent leaves, the link breaks or is ended.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _closed.Token);
        var buffer = new byte[AgentAnswer.LengthLimit];
        try
        {
            while (await AgentMessages.ReceiveAsync(socket, buffer, either.Token) is { } message)
            {
                // An agent that says what is no answer is not believed any further.
                if (!AgentAnswer.TryRead(message.Span, out var answer))
                    return;
                if (_asked.TryGetValue(answer.Id, out var asked))
                    asked.TrySetResult(new Reply(answer, null));
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // It broke, or was ended: whoever waits is told below.
        }
        finally
        {
            End();
        }
    }

    /// <summary>At any time, from any thread, and as often as somebody likes.</summary>
    public void End() => _closed.Cancel();

    /// <exception cref="SocketException">The target could not be reached.</exception>
    /// <exception cref="SiteException">The link is gone, or the agent does not go there.</exception>
    public async Task<TargetLink> DialAsync(IPEndPoint address, CancellationToken cancel)
    {
        var reply = await AskAsync(AgentDeed.Dial, address.ToString(), cancel);
        return reply.Carried is { } carried ? new TargetLink(carried.Side) : throw Blame(reply.Answer?.Fault ?? AgentFault.Unreachable);
    }

    /// <exception cref="SiteException">The link is gone.</exception>
    public async Task<AgentAnswer> DoAsync(AgentDeed deed, string what, CancellationToken cancel) =>
        (await AskAsync(deed, what, cancel)).Answer ?? throw new SiteException(SiteFault.Away);

    /// <summary>Gives a carried connection to whoever asked for it; false when nobody does (any more).</summary>
    public bool TryCarry(string ticket, CarriedStream carried) =>
        _asked.TryGetValue(ticket, out var asked) && asked.TrySetResult(new Reply(null, carried));

    /// <summary>Whether somebody waits for this connection.</summary>
    public bool Awaits(string ticket) => _asked.ContainsKey(ticket);

    public void Dispose()
    {
        End();
        _sending.Dispose();
    }

    private static Exception Blame(AgentFault fault) => fault switch
    {
        AgentFault.NotAllowed => new SiteException(SiteFault.NotAllowed),
        AgentFault.Busy => new SiteException(SiteFault.Busy),
        AgentFault.NotCarried => new SiteException(SiteFault.NotCarried),
        AgentFault.Refused => new SocketException((int)SocketError.ConnectionRefused),
        AgentFault.TooSlow => new SocketException((int)SocketError.TimedOut),
        _ => new SocketException((int)SocketError.HostUnreachable),
    };

    private async Task<Reply> AskAsync(AgentDeed deed, string what, CancellationToken cancel)
    {
        var order = new AgentOrder(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLengthBytes)), deed, what);
        var asked = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[order.Id] = asked;
        try
        {
            // Exactly one of answer, cancellation and loss is taken: a connection that came too late is refused to the agent.
            await using var late = cancel.Register(() => asked.TrySetCanceled(cancel));
            await using var gone = _closed.Token.Register(() => asked.TrySetException(new SiteException(SiteFault.Away)));
            var sent = SendAsync(order, asked);
            var reply = await asked.Task;
            await sent;
            return reply;
        }
        finally
        {
            _asked.TryRemove(order.Id, out _);
        }
    }

    // Not with the asker's token: a send that is cancelled takes the whole link with it.
    private async Task SendAsync(AgentOrder order, TaskCompletionSource<Reply> asked)
    {
        try
        {
            await _sending.WaitAsync(_closed.Token);
            try
            {
                await socket.SendAsync(order.Write(), WebSocketMessageType.Text, endOfMessage: true, _closed.Token);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            asked.TrySetException(new SiteException(SiteFault.Away));
        }
    }
}
