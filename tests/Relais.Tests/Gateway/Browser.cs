using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.CleanPath;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

/// <summary>What a browser sends and expects, without its WebSocket.</summary>
internal static class Browser
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static byte[] RequestFor(string destination = "bureau", string token = "jeton", SecurityProtocols protocols = SecurityProtocols.Tls) =>
        CleanPathWriter.Write(new CleanPathPdu
        {
            Destination = destination,
            ProxyAuth = token,
            X224 = new X224Request(protocols, 0, 0).Write(),
        });

    /// <summary>What xfreerdp 2.11.7 sends between TLS and the end of Client Info.</summary>
    public static byte[] StartUp() => Resource("freerdp.startup.bin");

    /// <summary>What the same client says that it can draw, in a frame of its own.</summary>
    public static byte[] ConfirmActive() => Resource("freerdp.confirm-active.bin");

    private static byte[] Resource(string name)
    {
        using var stream = typeof(Browser).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static async Task<CleanPathPdu> ReadPduAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) > 0)
        {
            bytes.Add(one[0]);
            var buffer = new ReadOnlySequence<byte>(bytes.ToArray());
            if (CleanPathReader.TryRead(ref buffer, 100_000, out var pdu, out _) == ReadResult.Complete)
                return pdu!;
        }

        throw new EndOfStreamException();
    }

    /// <summary>The browser's request and the gateway's handshake with a target.</summary>
    public static async Task<Handshake> ConnectAsync(Loopback browser, RdpTarget target, TimeProvider? clock = null)
    {
        await browser.Stream.WriteAsync(RequestFor());
        var side = RelaySide.Of(browser.Near);
        var reception = await CleanPathRequest.ReceiveAsync(side.Stream, default, default);
        var request = ((Reception.Received)reception).Request;
        return await RdCleanPathHandshake.ConnectAsync(side.Stream, request, target, Patience, clock ?? TimeProvider.System, default);
    }
}
