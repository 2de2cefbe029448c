using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Gateway.Recordings;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Sessions;

/// <summary>
/// Carries one connection of a session, whatever client and protocol: the watch knows it, what it carried is counted
/// and, by its rule, recorded; its end is written.
/// </summary>
internal sealed class HoldSession(
    LiveSessions live, CloseConnection close, RecordSession record, IOptions<GatewayOptions> options, IHostApplicationLifetime lifetime,
    ILogger<HoldSession> log)
{
    /// <param name="work">
    /// Serves the connection; its token also fires when the session is to end or the server stops. Where it may not even begin, it has fired
    /// already, so that the client is told why.
    /// </param>
    /// <param name="stop">Fires when the client is gone.</param>
    public async Task RunAsync(Session session, Func<LiveSession, CancellationToken, Task<RelayEnd>> work, CancellationToken stop)
    {
        using var held = new LiveSession(session, cancel => close.AskedAsync(session.Id, cancel));
        if (!live.TryAdd(held, options.Value.SessionsPerNode))
            held.End(SessionEnd.NodeFull);
        try
        {
            if (held.Reason is null)
                await record.StartAsync(session, held, stop);
            GatewayLog.Connected(log, session.Id, session.ClientAddress);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(held.Stopped, lifetime.ApplicationStopping, stop);
            var end = await work(held, ended.Token);
            GatewayLog.Ended(log, session.Id, end.ToString(), held.Counters.FromBrowser, held.Counters.ToBrowser);
            await close.HandleAsync(session.Id, held, end, CancellationToken.None);
        }
        finally
        {
            held.Watchers.StopAll();
            try
            {
                await record.FinishAsync(held, CancellationToken.None);
            }
            finally
            {
                live.Remove(held);
            }
        }
    }
}
