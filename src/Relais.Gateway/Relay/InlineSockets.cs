using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Relais.Gateway.Relay;

/// <summary>
/// Lets what waits for a socket go on at the thread that polls it, which saves two thread switches for each packet: half of what a key and
/// its picture cost. The runtime offers it for all sockets of a process alone, by an environment variable, and keeps this switch to itself.
/// </summary>
/// <remarks>
/// Whoever goes on there must not block: all sockets of that thread would wait. The copying of a relay does not; whatever follows it goes
/// back to the pool first.
/// </remarks>
internal static class InlineSockets
{
    private static bool _missing;

    /// <summary>From the next read or write on, when both sides have a socket to themselves. Does nothing where the runtime has no such switch any more.</summary>
    public static void Use(RelaySide browser, RelaySide target)
    {
        if (_missing || browser.Socket is not { } near || target.Socket is not { } far)
            return;
        try
        {
            Set(near, true);
            Set(far, true);
        }
        catch (MissingMethodException)
        {
            _missing = true;
        }
    }

    /// <summary>The socket of a request that has taken over its connection. In HTTP/2 it carries other requests as well: null.</summary>
    public static Socket? Of(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) ? context.Features.Get<IConnectionSocketFeature>()?.Socket : null;

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void Set(Socket socket, bool value);
}
