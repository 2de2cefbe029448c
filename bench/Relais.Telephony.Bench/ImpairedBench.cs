using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Relais.Fieldwork.Bench;
using Relais.Telephony.Bench.Impaired;
using Relais.Telephony.Protocols.Quality;
using Relais.Telephony.Rooms;

namespace Relais.Telephony.Bench;

/// <summary>
/// A bad network between a real Chromium and Janus, and what of a tone without an end the respondent hears: a SIP callee behind SIPp, through the room, the relay and the line as they are in the
/// product.
/// </summary>
internal static class ImpairedBench
{
    private const int Seed = 20_261;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(4);

    private static readonly (string Name, BadNetwork Network)[] Networks =
    [
        ("none", new BadNetwork(0, 0, Reorders: false)),
        ("1 % loss, fixed delay", new BadNetwork(1, 0, Reorders: false)),
        ("1 % loss, 20 ms jitter", new BadNetwork(1, 20, Reorders: false)),
        ("1 % loss, 20 ms jitter, reordering", new BadNetwork(1, 20, Reorders: true)),
        ("2 % loss, 20 ms jitter, reordering", new BadNetwork(2, 20, Reorders: true)),
        ("3 % loss, 40 ms jitter, reordering", new BadNetwork(3, 40, Reorders: true)),
    ];

    /// <summary>What a row measured.</summary>
    private sealed record Outcome(double SilentPercent, Headset.Leg Leg, double WayMs, double Score);

    public static async Task<int> RunAsync(int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("relais-telephony-bench-").FullName;
        var (secret, sip, port) = (Guid.NewGuid().ToString("N"), Programs.FreePort(), Programs.FreePort(ProtocolType.Tcp));
        var (janus, sipp) = ((Process?)null, (Process?)null);
        try
        {
            Machine.Say(string.Create(CultureInfo.InvariantCulture, $"a tone from Chromium through a bad network, Janus and the relay to a SIP callee, {seconds} s a row, seed {Seed}"));
            using var callee = new VoicePeer(Voice.Tone(600));
            janus = await Programs.JanusAsync(folder, port, secret, 36_000);
            sipp = await Programs.OperatorAsync(sip, callee.Port, Networks.Length);
            await using var line = new OperatorLine(sip);
            await using var rooms = new JanusClient(RoomsChild.At(port, secret), NullLogger.Instance);
            var microphone = Path.Combine(folder, "microphone.wav");
            ToneMicrophone.Write(microphone, 440);
            await using var headset = await Headset.StartAsync(microphone);
            Console.WriteLine("| network between home and voice server | silent frames at the respondent | loss, jitter, round trip as the voice server reports | from the microphone to the operator's line | MOS |\n|---|---|---|---|---|");
            var aimed = true;
            foreach (var (name, network) in Networks)
            {
                var (silent, leg, way, score) = await TryAsync(network, line, rooms, headset, callee, seconds);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {silent:0.00} % | {leg.LossPercent:0.0} %, {leg.JitterMs:0} ms, {leg.RttMs:0} ms | {way:0} ms | {score:0.00} |"));
                if (network is { LossPercent: 1, JitterMs: > 0 })
                    aimed &= silent < 0.5 && score > 4;
            }

            Console.WriteLine($"\naim, at 1 % loss and 20 ms jitter: under 0.5 % of silent frames, MOS above 4.0: {(aimed ? "reached" : "not reached")}");
            return aimed ? 0 : 1;
        }
        finally
        {
            Programs.Kill(sipp);
            Programs.Kill(janus);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Outcome> TryAsync(BadNetwork network, OperatorLine line, JanusClient rooms, Headset headset, VoicePeer callee, int seconds)
    {
        using var path = new BadPath(OwnAddress(), network, Seed);
        var room = await Room.CreateAsync(rooms, "bench", CancellationToken.None);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await headset.ConnectAsync(async offer => path.Answer((await room.AdmitAsync(Room.Interviewer, muted: false, path.Offer(offer), (_, news) => Note(news, up), CancellationToken.None)).Answer));
        await up.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        await foreach (var (call, voice) in line.CallAsync(1))
        {
            var seat = new RespondentSeat(call, voice, Announcement.Load(""), static _ => { });
            seat.Sit(await RoomLeg.JoinAsync(room, CancellationToken.None));
            await Task.Delay(Settle, TimeProvider.System);
            callee.Begin();
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
            var (heard, leg) = (callee.Measured(), await headset.MeasuredAsync());
            var way = WayMs(await headset.MarkAsync(), callee.Onsets());
            await seat.RiseAsync();
            line.EndAll();
            await headset.DisconnectAsync();
            await room.CloseAsync();
            // What is silent is lost to the ear; codec and concealment are counted as those of G.711, which the operator's side is.
            var silent = 100.0 * (heard.Silent + heard.Lost) / Math.Max(1, heard.Received + heard.Lost);
            return new Outcome(silent, leg, way, EModel.Score(EModel.Rating(TimeSpan.FromMilliseconds(way), Math.Min(100, silent))));
        }

        throw new InvalidOperationException("no call");
    }

    // Of the tones that were heard, the middle.
    private static double WayMs(IReadOnlyList<DateTimeOffset> said, IReadOnlyList<DateTimeOffset> heard)
    {
        var ways = said.Select(s => (heard.FirstOrDefault(h => h > s) - s).TotalMilliseconds).Where(ms => ms is > 0 and < 500).Order().ToList();
        return ways.Count == 0 ? throw new InvalidOperationException("no tone was heard") : ways[ways.Count / 2];
    }

    private static void Note(HandleNews news, TaskCompletionSource up)
    {
        if (news is HandleNews.Up)
            up.TrySetResult();
    }

    // Janus offers the machine's own addresses; nothing is sent here.
    private static IPAddress OwnAddress()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(IPAddress.Parse("203.0.113.1"), 9);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return IPAddress.Loopback;
        }
    }
}
