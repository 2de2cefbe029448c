using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Relais.Traffic.Collector;

/// <summary>Whose request it is, also behind the proxies that are ours.</summary>
internal sealed class Senders(IOptions<TrafficOptions> options)
{
    private readonly IPAddress[] _proxies = [.. options.Value.Proxies.Select(IPAddress.Parse)];

    // A proxy that is ours writes whom it saw last; what came before it in the list, anybody may have written.
    public IPAddress? Of(HttpContext context)
    {
        var sender = context.Connection.RemoteIpAddress;
        if (_proxies.Length == 0 || sender is null || !_proxies.Contains(sender.IsIPv4MappedToIPv6 ? sender.MapToIPv4() : sender))
            return sender;
        var forwarded = context.Request.Headers["X-Forwarded-For"].ToString();
        var last = forwarded.AsSpan(forwarded.LastIndexOf(',') + 1).Trim();
        return IPAddress.TryParse(last, out var told) ? told : sender;
    }
}
