using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Relais.Telephony.Protocols.Rtp;
using Relais.Telephony.Rooms;

namespace Relais.Telephony.Bench;

/// <summary>
/// Interviewers without a browser: participants of the rooms in plain RTP, which say and get Opus as browsers do, so that Janus decodes and encodes as much. What it does not do for them is ICE and
/// SRTP.
/// </summary>
internal sealed class PlainInterviewers : IAsyncDisposable
{
    private const int OpusType = 111;
    private const int LoopFrames = 250;
    private readonly JanusClient _janus;

    private PlainInterviewers(JanusClient janus, VoicePeer voices) => (_janus, Voices) = (janus, voices);

    public VoicePeer Voices { get; }

    public static async Task<PlainInterviewers> OpenAsync(int janus, string secret)
    {
        var client = new JanusClient(RoomsChild.At(janus, secret), NullLogger.Instance);
        return new PlainInterviewers(client, new VoicePeer(await EncodedAsync(client)));
    }

    /// <summary>Takes the interviewer's place in a room, and speaks.</summary>
    public async Task JoinAsync(int room, string pin) =>
        Voices.Call(await JoinAsync(_janus, room, pin, Room.Interviewer, "opus", OpusType, Voices.Port), 1);

    public async ValueTask DisposeAsync()
    {
        Voices.Dispose();
        await _janus.DisposeAsync();
    }

    private static async Task<IPEndPoint> JoinAsync(JanusClient janus, int room, string pin, string group, string codec, int payloadType, int port)
    {
        var handle = await janus.AttachAsync(told: null, CancellationToken.None);
        var told = await janus.DoAsync(
            handle,
            new JsonObject
            {
                ["request"] = "join", ["room"] = room, ["pin"] = pin, ["group"] = group, ["codec"] = codec, ["quality"] = Room.OpusEffort,
                ["rtp"] = new JsonObject { ["ip"] = "127.0.0.1", ["port"] = port, ["payload_type"] = payloadType, ["fec"] = codec == "opus" },
            },
            null, CancellationToken.None);
        var rtp = told["plugindata"]?["data"]?["rtp"];
        return new IPEndPoint(
            IPAddress.Parse(rtp?["ip"]?.GetValue<string>() ?? throw new InvalidOperationException("no address of the room")), rtp["port"]?.GetValue<int>() ?? 0);
    }

    // Janus's own encoder makes the Opus: somebody says a tone in a room, and somebody else gets five seconds of it, whole periods.
    private static async Task<Voice> EncodedAsync(JanusClient janus)
    {
        var room = await Room.CreateAsync(janus, "bench", CancellationToken.None);
        using var teller = new VoicePeer(Voice.Tone(400));
        using var listener = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        teller.Call(await JoinAsync(janus, room.Number, room.Pin, Room.Respondent, "pcma", 8, teller.Port), 1);
        var at = await JoinAsync(janus, room.Number, room.Pin, Room.Interviewer, "opus", OpusType, ((IPEndPoint)listener.Client.LocalEndPoint!).Port);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        // It says nothing to whom it has not heard.
        var hello = new byte[RtpPacket.HeaderLength + 1];
        RtpPacket.Write(hello, true, OpusType, 1, 960, (uint)RandomNumberGenerator.GetInt32(int.MaxValue), [0xF8]);
        await listener.SendAsync(hello, at, late.Token);
        var frames = new List<byte[]>();
        for (var heard = 0; frames.Count < LoopFrames; heard++)
        {
            var datagram = (await listener.ReceiveAsync(late.Token)).Buffer;
            // The first second is silence and the encoder's beginning.
            if (heard >= 100 && RtpPacket.TryRead(datagram, out var packet))
                frames.Add(packet.Payload.ToArray());
        }

        await room.CloseAsync();
        return new Voice(OpusType, 48_000, frames);
    }
}
