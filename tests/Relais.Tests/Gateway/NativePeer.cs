using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relais.Gateway.Native;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Tsgu;

namespace Relais.Tests.Gateway;

/// <summary>A native client by hand, over real TLS to the real server, that does as a client does or whatever wrong a test wants.</summary>
internal sealed class NativePeer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<SslStream> _connections = [];
    private readonly List<byte> _received = [];
    private WebSocket? _socket;
    private Stream? _in;
    private Stream? _out;

    private NativePeer()
    {
    }

    /// <summary>The status of the first refusal by HTTP, or of the last answer.</summary>
    public int Status { get; private set; }

    public static async Task<NativePeer> WebSocketAsync(RelaisApp app, string from = "127.0.0.1")
    {
        var peer = new NativePeer();
        var tls = await peer.ConnectAsync(app, from);
        // FreeRDP's verb, and a key that is no base64.
        await SendAsync(tls, "RDG_OUT_DATA", app, Guid.NewGuid(), "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: not_base64!\r\n");
        peer.Status = await ReadHeadAsync(tls);
        if (peer.Status == 101)
        {
            peer._socket = WebSocket.CreateFromStream(tls, isServer: false, null, TimeSpan.Zero);
            peer._in = peer._out = WebSocketStream.Create(peer._socket, WebSocketMessageType.Binary);
        }

        return peer;
    }

    public static async Task<NativePeer> LegacyAsync(RelaisApp app, string from = "127.0.0.1")
    {
        var peer = new NativePeer();
        var id = Guid.NewGuid();
        if (await peer.OpenOutAsync(app, id, from) == 200)
            await peer.OpenInAsync(app, id, from);
        return peer;
    }

    public static async Task<NativePeer> OnlyOutAsync(RelaisApp app, Guid id, string from = "127.0.0.1")
    {
        var peer = new NativePeer();
        await peer.OpenOutAsync(app, id, from);
        return peer;
    }

    public static async Task<int> OnlyInAsync(RelaisApp app, Guid id, string from = "127.0.0.1", bool whole = false)
    {
        await using var peer = new NativePeer();
        var tls = await peer.ConnectAsync(app, from);
        await SendAsync(tls, "RDG_IN_DATA", app, id, whole ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 0\r\n");
        return await ReadHeadAsync(tls);
    }

    public async Task OpenInAsync(RelaisApp app, Guid id, string from = "127.0.0.1")
    {
        var tls = await ConnectAsync(app, from);
        await SendAsync(tls, "RDG_IN_DATA", app, id, "Content-Length: 0\r\n");
        Status = await ReadHeadAsync(tls);
        if (Status != 200)
            return;
        await SendAsync(tls, "RDG_IN_DATA", app, id, "Transfer-Encoding: chunked\r\n");
        _out = new ChunkedWriter(tls);
    }

    public ValueTask SendAsync(byte[] bytes) => _out!.WriteAsync(bytes);

    /// <summary>The next packet; null when the gateway ended the connection.</summary>
    public async Task<(TsguPacketType Type, byte[] Body)?> ReadAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var bytes = new ReadOnlySequence<byte>([.. _received]);
            var before = bytes.Length;
            var result = TsguFrame.TryRead(ref bytes, out var type, out var body);
            Assert.NotEqual(ReadResult.Malformed, result);
            if (result == ReadResult.Complete)
            {
                var copy = body.ToArray();
                _received.RemoveRange(0, (int)(before - bytes.Length));
                return (type, copy);
            }

            try
            {
                var read = await _in!.ReadAsync(buffer, late.Token);
                if (read == 0)
                    return null;
                _received.AddRange(buffer.AsSpan(0, read));
            }
            catch (Exception e) when (e is IOException or WebSocketException)
            {
                return null;
            }
        }
    }

    /// <summary>Handshake and tunnel: what the gateway says to the token.</summary>
    public async Task<TsguCode?> TunnelAsync(string token)
    {
        await SendAsync(new TsguHandshakeRequest(1, 0, TsguAuthentication.Cookie).Write());
        Assert.Equal(TsguPacketType.HandshakeResponse, (await ReadAsync())?.Type);
        await SendAsync(new TsguTunnelCreate(TsguCapabilities.IdleTimeout, false, token).Write());
        return await ReadAsync() is { Type: TsguPacketType.TunnelResponse, Body: var body } && TsguTunnelResponse.TryRead(body, out var response) ? response.Code : null;
    }

    public async Task<TsguTunnelAuthorizeResponse?> AuthorizeAsync(string device = "poste-du-test")
    {
        await SendAsync(new TsguTunnelAuthorize(device).Write());
        return await ReadAsync() is { Type: TsguPacketType.TunnelAuthorizeResponse, Body: var body }
            && TsguTunnelAuthorizeResponse.TryRead(body, out var response) ? response : null;
    }

    public async Task<TsguCode?> ChannelAsync(string target)
    {
        await SendAsync(new TsguChannelCreate([target], 3389).Write());
        return await ReadAsync() is { Type: TsguPacketType.ChannelResponse, Body: var body } && TsguChannelResponse.TryRead(body, out var response) ? response.Code : null;
    }

    /// <summary>All of it, to an open channel.</summary>
    public async Task OpenAsync(string token, string target = "poste-7")
    {
        Assert.Equal(TsguCode.Ok, await TunnelAsync(token));
        Assert.Equal(TsguCode.Ok, (await AuthorizeAsync())?.Code);
        Assert.Equal(TsguCode.Ok, await ChannelAsync(target));
    }

    /// <summary>The bytes of an open channel, by the same packets that the gateway reads and writes.</summary>
    public TsguPipe Channel() => new(_in!, _out!);

    public ValueTask SendDataAsync(byte[] payload)
    {
        var packet = new byte[TsguFrame.DataHeaderLength + payload.Length];
        TsguFrame.WriteDataHeader(packet, payload.Length);
        payload.CopyTo(packet, TsguFrame.DataHeaderLength);
        return SendAsync(packet);
    }

    public async ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    private async Task<int> OpenOutAsync(RelaisApp app, Guid id, string from)
    {
        var tls = await ConnectAsync(app, from);
        await SendAsync(tls, "RDG_OUT_DATA", app, id, "Content-Length: 0\r\n");
        Status = await ReadHeadAsync(tls);
        if (Status == 200)
        {
            _in = new ChunkedReader(tls);
            await _in.ReadExactlyAsync(new byte[10]);
        }

        return Status;
    }

    private async Task<SslStream> ConnectAsync(RelaisApp app, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, app.Address.Port));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(app.DataFolder, "tls", "ca.crt"));
        var issuer = authority.Subject;
        var tls = new SslStream(
            new NetworkStream(socket, ownsSocket: true), false, (_, certificate, _, _) => string.Equals(certificate?.Issuer, issuer, StringComparison.Ordinal));
        _connections.Add(tls);
        await tls.AuthenticateAsClientAsync("localhost");
        return tls;
    }

    private static async Task SendAsync(SslStream tls, string verb, RelaisApp app, Guid id, string headers) =>
        await tls.WriteAsync(Encoding.ASCII.GetBytes(
            $"{verb} /remoteDesktopGateway/ HTTP/1.1\r\nHost: {app.Address.Authority}\r\nRDG-Connection-Id: {{{id}}}\r\n{headers}\r\n"));

    private static async Task<int> ReadHeadAsync(SslStream tls)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await tls.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        return int.Parse(head.ToString(9, 3), CultureInfo.InvariantCulture);
    }

    /// <summary>RFC 9112, 7.1, as far as a test needs it.</summary>
    private sealed class ChunkedWriter(SslStream inner) : WriteOnly
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await inner.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{buffer.Length:x}\r\n"), .. buffer.Span, .. "\r\n"u8], cancellationToken);
    }

    private sealed class ChunkedReader(SslStream inner) : ReadOnly
    {
        private int _left;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0)
            {
                var line = "";
                var one = new byte[1];
                while (line is "" or "\r\n" || !line.EndsWith("\r\n", StringComparison.Ordinal))
                {
                    if (line == "\r\n")
                        line = "";
                    if (await inner.ReadAsync(one, cancellationToken) == 0)
                        return 0;
                    line += (char)one[0];
                }

                _left = int.Parse(line.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (_left == 0)
                    return 0;
            }

            var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }

    private abstract class WriteOnly : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private abstract class ReadOnly : WriteOnly
    {
        public override bool CanRead => true;

        public override bool CanWrite => false;
    }
}
