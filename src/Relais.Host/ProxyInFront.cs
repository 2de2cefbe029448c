using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Relais.Host.Tls;

namespace Relais.Host;

/// <summary>Where people come from when a proxy stands in front: the last address that it adds itself, and nothing that a browser may have said before.</summary>
internal static class ProxyInFront
{
    public static void Use(WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<ListenOptions>>().Value.Proxies;
        if (proxies.Length == 0)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = 1 };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (!IPAddress.TryParse(proxy, out var address))
                throw new InvalidOperationException($"Relais:Proxies holds {proxy}, which is not an IP address. Write the address from which the proxy comes.");
            options.KnownProxies.Add(address);
        }

        app.UseForwardedHeaders(options);
    }
}
