using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Relais.Traffic.Collector;

/// <summary>The web server, with the collector in front of the whole application: see <see cref="BeaconsFirst{TContext}"/>.</summary>
internal sealed class CollectorServer(IServer server, TakeBeacons take) : IServer
{
    public IFeatureCollection Features => server.Features;

    /// <summary>Puts it around the server that is registered.</summary>
    public static void Wrap(IServiceCollection services)
    {
        if (services.LastOrDefault(s => s.ServiceType == typeof(IServer))?.ImplementationType is not { } standard)
            throw new InvalidOperationException("The collector stands before a server that is registered by its type, as Kestrel is.");
        services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            var server = (IServer)ActivatorUtilities.CreateInstance(provider, standard);
            return provider.GetRequiredService<IOptions<TrafficOptions>>().Value.Collect ? new CollectorServer(server, ActivatorUtilities.CreateInstance<TakeBeacons>(provider)) : server;
        }));
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull =>
        server.StartAsync(new BeaconsFirst<TContext>(application, take), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();
}
