using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Traffic.Demo;

/// <summary>Where this node's own collector answers, as this machine reaches it.</summary>
internal sealed class OwnAddress(IServiceProvider services)
{
    /// <returns>Null until the server listens, and where there is none.</returns>
    public Uri? Find() => services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses
        .Select(a => a.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal))
        .Select(a => new Uri(a)).FirstOrDefault(a => a.Scheme == Uri.UriSchemeHttps && a.IsLoopback);
}
