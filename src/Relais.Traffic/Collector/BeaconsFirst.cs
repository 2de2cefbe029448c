using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Relais.Traffic.Collector;

/// <summary>
/// Beacons go to the collector as the server has read them; all else goes to the application. Before the host's own part, which makes a trace, a scope of the log and
/// measurements of each request: of a beacon they cost more than the rest, and <see cref="BeaconCounts"/> counts it anyway.
/// </summary>
internal sealed class BeaconsFirst<TContext>(IHttpApplication<TContext> rest, TakeBeacons take) : IHttpApplication<BeaconsFirst<TContext>.Turn>
    where TContext : notnull
{
    public Turn CreateContext(IFeatureCollection contextFeatures)
    {
        // The server keeps it for the connection's next request.
        var kept = contextFeatures as IHostContextContainer<Turn>;
        var turn = kept?.HostContext ?? new Turn();
        if (kept is not null)
            kept.HostContext = turn;
        turn.IsBeacon = contextFeatures.Get<IHttpRequestFeature>()?.Path == TakeBeacons.At;
        if (turn.IsBeacon)
            turn.Http.Initialize(contextFeatures);
        else
            turn.Rest = rest.CreateContext(contextFeatures);
        return turn;
    }

    public Task ProcessRequestAsync(Turn context) => context switch
    {
        { IsBeacon: true } => take.HandleAsync(context.Http, context.Sender),
        { Rest: { } other } => rest.ProcessRequestAsync(other),
        _ => Task.CompletedTask,
    };

    public void DisposeContext(Turn context, Exception? exception)
    {
        if (context.IsBeacon)
        {
            context.Http.Uninitialize();
        }
        else if (context.Rest is { } other)
        {
            context.Rest = default;
            rest.DisposeContext(other, exception);
        }
    }

    /// <summary>One request, and after it the next of its connection.</summary>
    internal sealed class Turn
    {
        private DefaultHttpContext? _http;
        private KnownSender? _sender;

        public bool IsBeacon { get; set; }

        // Most connections bring no beacon.
        public DefaultHttpContext Http => _http ??= new DefaultHttpContext();

        public KnownSender Sender => _sender ??= new KnownSender();

        public TContext? Rest { get; set; }
    }
}
