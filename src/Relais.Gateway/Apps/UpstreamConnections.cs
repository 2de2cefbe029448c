using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;

namespace Relais.Gateway.Apps;

/// <summary>The connections to the apps, kept open between requests.</summary>
internal sealed class UpstreamConnections : IDisposable
{
    // So that a name that moved is followed.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);

    private readonly AddressSearch _search;
    private readonly UpstreamAddress _address;
    private readonly SocketsHttpHandler _handler;

    public UpstreamConnections(AddressSearch search, UpstreamAddress address, IOptions<AppOptions> options)
    {
        (_search, _address) = (search, address);
        _handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.Value.ConnectTime,
            PooledConnectionLifetime = ConnectionLife,
            EnableMultipleHttp2Connections = true,
            ConnectCallback = ConnectAsync,
        };
        Invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    public HttpMessageInvoker Invoker { get; }

    // The name is resolved here and nowhere else, so that the address that was checked is the one that is dialled.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var address = await _search.HandleAsync(host, address => _address.Check(address, port), cancel) switch
        {
            Found.At at => at.Address,
            Found.Refused refused => throw new AddressRefusedException(refused.Why),
            Found.NameUnknown => throw new SocketException((int)SocketError.HostNotFound),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancel);
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
