using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Relais.Gateway.Protocols.Agents;
using Relais.Gateway.Relay;
using Relais.Gateway.Sites;

namespace Relais.Gateway.Agent;

/// <summary>Keeps the link to the server, for as long as the server knows this agent, and does what is asked over it.</summary>
internal sealed class HoldLink(AgentIdentity identity, AgentPolicy policy, TimeProvider clock, TextWriter say)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(20);

    /// <summary>Ends when the server refuses the agent's secret. Everything else is tried again, after pauses that grow.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var pause = FirstPause;
        var told = "";
        while (true)
        {
            using var http = AgentHttp.Open(identity.Server, identity.Authority);
            using var socket = NewSocket(identity);
            socket.Options.KeepAliveTimeout = AgentDoor.KeepAliveTimeout;
            try
            {
                using (var late = new CancellationTokenSource(ConnectTime, clock))
                using (var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel))
                    await socket.ConnectAsync(AddressOf(identity, AgentDoor.LinkPath), http, either.Token);
                (pause, told) = (FirstPause, "");
                await say.WriteLineAsync($"relais: connected to {identity.Server.Authority} for the site \"{identity.Site}\"");
                await ServeAsync(socket, cancel);
                await say.WriteLineAsync("relais: the link to the server ended; connecting again");
            }
            catch (WebSocketException) when (socket.HttpStatusCode == HttpStatusCode.Unauthorized)
            {
                return;
            }
            catch (Exception e) when ((ConnectionLoss.Explains(e) || e is HttpRequestException) && !cancel.IsCancellationRequested)
            {
                // Once for each reason, and not at each try.
                var why = e.InnerException?.Message ?? e.Message;
                if (why != told)
                    await say.WriteLineAsync($"relais: {identity.Server.Authority}: {why}");
                told = why;
            }

            // Between half of it and all: agents that lost the same server do not all come back in the same moment.
            var milliseconds = (int)pause.TotalMilliseconds;
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(milliseconds / 2, milliseconds)), clock, cancel);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }
    }

    internal static ClientWebSocket NewSocket(AgentIdentity identity)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {identity.Secret}");
        socket.Options.KeepAliveInterval = AgentDoor.KeepAliveInterval;
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader(AgentAccess.VersionHeader, typeof(HoldLink).Assembly.GetName().Version?.ToString(3));
        return socket;
    }

    internal static Uri AddressOf(AgentIdentity identity, string path) => new UriBuilder(new Uri(identity.Server, path)) { Scheme = Uri.UriSchemeWss }.Uri;

    private async Task ServeAsync(ClientWebSocket socket, CancellationToken cancel)
    {
        // What is carried ends with the link: the server has given it up by then.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var work = new DoOrders(socket, identity, policy, clock, say, over.Token);
        try
        {
            var buffer = new byte[AgentOrder.LengthLimit];
            while (await AgentMessages.ReceiveAsync(socket, buffer, cancel) is { } message)
            {
                if (AgentOrder.TryRead(message.Span, out var order))
                    await work.StartAsync(order);
            }
        }
        finally
        {
            await over.CancelAsync();
        }
    }
}
