using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Gateway.Apps;

namespace Relais.Gateway.Contracts;

/// <summary>The host names of internal apps. Safe to use from a singleton, and from several threads.</summary>
public sealed class PublishedHosts
{
    private readonly IServiceScopeFactory _scopes;
    private readonly AppHosts _hosts;

    internal PublishedHosts(IServiceScopeFactory scopes, AppHosts hosts) => (_scopes, _hosts) = (scopes, hosts);

    /// <summary>Whether an app was published under this host name, open or shut.</summary>
    public async Task<bool> ContainsAsync(string host, CancellationToken cancel)
    {
        if (_hosts.Read(host) is not HostMeaning.App { Label: { } label })
            return false;
        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<GatewayDb>().WebApps.AnyAsync(a => a.Label == label, cancel);
    }
}
