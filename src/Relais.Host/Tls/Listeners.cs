using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Relais.Gateway.Contracts;

namespace Relais.Host.Tls;

/// <summary>Where the server listens, and with which certificate.</summary>
public sealed class ListenOptions
{
    public const string Section = "Relais";

    /// <summary>Address to bind. Loopback by default: opening Relais to a network is the operator's decision.</summary>
    public string Bind { get; set; } = "127.0.0.1";

    /// <summary>Address at which desktops reach this server besides <see cref="Bind"/>: the host's own in their network, which need not be there yet.</summary>
    public string? InsideBind { get; set; }

    /// <summary>HTTPS port. 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int HttpsPort { get; set; } = 8443;

    /// <summary>Port that only redirects to HTTPS; 0 for none.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; }

    /// <summary>
    /// Names and addresses that people type, the first one being the public name; this machine's loopback when there are none. Empty here,
    /// because settings add to what an array holds already.
    /// </summary>
    public string[] Names { get; set; } = [];

    /// <summary>The operator's certificate chain and key in PEM; both empty to use the local authority.</summary>
    public string? Certificate { get; set; }

    public string? CertificateKey { get; set; }

    /// <summary>
    /// Addresses of the proxies in front: what they say in X-Forwarded-For is where somebody comes from. Without it everybody behind them would be one
    /// address, to the brake on wrong passwords too. Whoever else says it is not believed.
    /// </summary>
    public string[] Proxies { get; set; } = [];

    /// <summary>Directory of everything that this node keeps.</summary>
    public string Data { get; set; } = "var";
}

internal static class Listeners
{
    public static void Configure(WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(ListenOptions.Section).Get<ListenOptions>() ?? new ListenOptions();
        if (options.Names.Length == 0)
            options.Names = ["localhost", "127.0.0.1"];
        builder.Services.AddOptions<ListenOptions>().BindConfiguration(ListenOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHttpsRedirection(redirect => redirect.HttpsPort = options.HttpsPort);
        builder.Services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        var authority = options.Certificate is { Length: > 0 } ? null : new LocalAuthority(Path.Combine(options.Data, "tls"), TimeProvider.System);
        var (certificate, chain) = (Certificate(options, authority), Chain(options));
        builder.Services.AddSingleton(new ServerCertificate(certificate, chain, options.Names, Authority(options)));
        // Work goes on at the pool thread that took it from the socket, and not at another one: half the cost of a key and its picture.
        var inside = options.InsideBind is { Length: > 0 } own ? IPAddress.Parse(own) : null;
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            // One call to the system less for each request; each idle connection holds 4 KiB for it.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
            sockets.CreateBoundListenSocket = place => BoundTo(place, inside);
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            var address = IPAddress.Parse(options.Bind);
            var shown = new ShownCertificates(certificate, chain, authority, kestrel.ApplicationServices.GetRequiredService<PublishedHosts>(), TimeProvider.System);
            foreach (var place in new[] { address, inside }.OfType<IPAddress>())
            {
                kestrel.Listen(place, options.HttpsPort, listen =>
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = shown.ForAsync });
                    listen.UseWholeRecords();
                });
            }

            if (options.HttpPort != 0)
                kestrel.Listen(address, options.HttpPort);
        });
    }

    // The desktops' bridge is made by this server, after it has begun to listen: its address is bound before it is there (ip(7), IP_FREEBIND).
    private static Socket BoundTo(EndPoint place, IPAddress? inside)
    {
        const int ip = 0;
        const int freeBind = 15;
        if (inside is null || place is not IPEndPoint { Address: var address } || !address.Equals(inside))
            return SocketTransportOptions.CreateDefaultBoundListenSocket(place);
        var socket = new Socket(inside.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(ip, freeBind, BitConverter.GetBytes(1));
        socket.Bind(place);
        return socket;
    }

    private static X509Certificate2Collection Chain(ListenOptions options)
    {
        var chain = new X509Certificate2Collection();
        if (options.Certificate is { Length: > 0 } certificate)
        {
            chain.ImportFromPemFile(certificate);
            chain.RemoveAt(0);
        }

        return chain;
    }

    private static X509Certificate2 Certificate(ListenOptions options, LocalAuthority? authority) =>
        authority?.CertificateFor(options.Names)
        ?? X509Certificate2.CreateFromPemFile(options.Certificate ?? "", options.CertificateKey is { Length: > 0 } key ? key : options.Certificate);

    private static X509Certificate2? Authority(ListenOptions options) =>
        options.Certificate is { Length: > 0 } ? null : X509CertificateLoader.LoadCertificateFromFile(Path.Combine(options.Data, "tls", "ca.crt"));
}
