using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Relais.Fieldwork.Webhooks;

/// <summary>Who knows the addresses of names.</summary>
internal sealed record WebhookNames(Func<string, CancellationToken, Task<IPAddress[]>> Find)
{
    public static readonly WebhookNames OfSystem = new(Dns.GetHostAddressesAsync);
}

/// <summary>The address may not be sent to.</summary>
internal sealed class WebhookRefusedException(string why) : IOException(why);

/// <summary>
/// The connections to receivers. A name is resolved here and nowhere else, and what is dialled is the very address that was checked: a name that answers
/// otherwise the next time gains nothing. Redirects are not followed, proxies not asked.
/// </summary>
internal sealed class WebhookConnections : IDisposable
{
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(1);

    private readonly WebhookNames _names;
    private readonly IReadOnlyList<IPNetwork> _listed;
    private readonly SocketsHttpHandler _handler;

    public WebhookConnections(WebhookNames names, IOptions<WebhookOptions> options)
    {
        (_names, _listed) = (names, options.Value.Networks());
        _handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16,
            ConnectTimeout = options.Value.Timeout,
            PooledConnectionLifetime = ConnectionLife,
            PooledConnectionIdleTimeout = ConnectionLife,
            ConnectCallback = ConnectAsync,
        };
        Invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    public HttpMessageInvoker Invoker { get; }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await _names.Find(host, cancel);
        if (found.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        // One that is refused refuses all: a name with a private address beside a public one is no receiver's.
        if (Array.Find(found, a => !WebhookAddress.IsAllowed(a, _listed)) is { } inside)
            throw new WebhookRefusedException($"{host} is {inside}, which is not public and not among Fieldwork:Webhooks:Allowed");
        if (context.InitialRequestMessage.RequestUri is { Scheme: "http" } && !Array.TrueForAll(found, a => WebhookAddress.IsListed(a, _listed)))
            throw new WebhookRefusedException("without TLS only addresses among Fieldwork:Webhooks:Allowed are sent to");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Invoker.Dispose();
        _handler.Dispose();
    }
}
