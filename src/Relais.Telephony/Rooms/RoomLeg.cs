using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Rooms;

/// <summary>Gets a frame of what a room says.</summary>
internal delegate void RoomVoice(uint timestamp, ReadOnlySpan<byte> frame);

/// <summary>
/// The respondent's place in a room, as plain RTP: what they say goes in as a participant; what they hear is what the interviewer's group says, which comes from
/// a forwarder. What a participant is sent, the mix of all, is read and thrown away.
/// </summary>
internal sealed class RoomLeg : IAsyncDisposable
{
    private const byte PayloadType = 8;

    private readonly Room _room;
    private readonly Socket _in;
    private readonly Socket _out;
    private readonly CancellationTokenSource _stop = new();
    private readonly uint _source = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);

    // Only what carries this number is heard: other programs of this machine may send to our port too.
    private readonly uint _theirs = (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);

    // For who takes frames one by one. Ten at most: what was not taken after 200 ms is too old.
    private readonly Channel<byte[]> _said = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(10) { FullMode = BoundedChannelFullMode.DropOldest });
    private ulong _handle;
    private long _stream;
    private IPEndPoint _janus = new(IPAddress.Loopback, 0);
    private Task _reading = Task.CompletedTask;
    private ushort _sequence;
    private uint _timestamp;

    private RoomLeg(Room room, Socket @in, Socket @out) => (_room, _in, _out) = (room, @in, @out);

    public static async Task<RoomLeg> JoinAsync(Room room, CancellationToken cancel)
    {
        var local = room.Janus.Server.Local;
        var leg = new RoomLeg(room, Open(local), Open(local));
        try
        {
            leg._handle = await room.Janus.AttachAsync(told: null, cancel);
            var told = await room.Janus.DoAsync(
                leg._handle,
                new JsonObject
                {
                    ["request"] = "join", ["room"] = room.Number, ["pin"] = room.Pin, ["group"] = Room.Respondent, ["codec"] = "pcma", ["prebuffer"] = 4,
                    // Janus takes voice from this very address only, and sends there.
                    ["rtp"] = new JsonObject { ["ip"] = local, ["port"] = PortOf(leg._in), ["payload_type"] = PayloadType },
                },
                null, cancel);
            var rtp = told["plugindata"]?["data"]?["rtp"];
            leg._janus = new IPEndPoint(
                IPAddress.Parse(rtp?["ip"]?.GetValue<string>() ?? throw new JanusException("no address of the room")), rtp["port"]?.GetValue<int>() ?? 0);
            leg._stream = await room.ForwardAsync(local, PortOf(leg._out), leg._theirs, PayloadType, cancel);
            leg._reading = Task.WhenAll(Task.Run(leg.ReadAsync, CancellationToken.None), Task.Run(leg.DrainAsync, CancellationToken.None));
            return leg;
        }
        catch
        {
            await leg.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the respondent says, a-law. Janus takes frames of 20 ms only; others are cut or left.</summary>
    public void Hear(ReadOnlyMemory<byte> samples)
    {
        for (var at = 0; at + JitterBuffer.FrameSamples <= samples.Length; at += JitterBuffer.FrameSamples)
            Send(samples.Span.Slice(at, JitterBuffer.FrameSamples));
    }

    /// <summary>Gets what the respondent hears, 160 samples of a-law at a time with the room's own time, as it comes; null for who asks by <see cref="NextAsync"/>.</summary>
    public RoomVoice? Said { get; set; }

    /// <summary>The next 20 ms that the respondent hears, when they are there.</summary>
    public ValueTask<byte[]> NextAsync(CancellationToken cancel) => _said.Reader.ReadAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        if (_stream != 0)
            await _room.StopForwardAsync(_stream);
        if (_handle != 0)
            await _room.Janus.DetachAsync(_handle);
        // Last: Janus takes offence at ports that closed.
        _in.Dispose();
        _out.Dispose();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static Socket Open(string address)
    {
        var local = IPAddress.Parse(address);
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(local, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => (socket.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    private void Send(ReadOnlySpan<byte> frame)
    {
        Span<byte> packet = stackalloc byte[RtpPacket.HeaderLength + JitterBuffer.FrameSamples];
        var length = RtpPacket.Write(packet, _sequence == 0, PayloadType, _sequence++, _timestamp, _source, frame);
        _timestamp += JitterBuffer.FrameSamples;
        try
        {
            _in.SendTo(packet[..length], _janus);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The room is gone, or the call over.
        }
    }

    private Task ReadAsync() => ReceiveAsync(_out, datagram =>
    {
        if (!RtpPacket.TryRead(datagram.Span, out var packet) || packet is not { PayloadType: PayloadType, Payload.Length: JitterBuffer.FrameSamples } || packet.Source != _theirs)
            return;
        if (Said is { } said)
            said(packet.Timestamp, packet.Payload);
        else
            _said.Writer.TryWrite(packet.Payload.ToArray());
    });

    private Task DrainAsync() => ReceiveAsync(_in, static _ => { });

    private async Task ReceiveAsync(Socket socket, Action<ReadOnlyMemory<byte>> take)
    {
        var buffer = new byte[2048];
        var anybody = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var read = await socket.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _stop.Token);
                take(buffer.AsMemory(0, read.ReceivedBytes));
            }
            catch (SocketException)
            {
                // Janus's port closed: its session says so.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
