using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Relais.Telephony.Bench;

/// <summary>
/// rtpengine in userspace, as the named peer: it relays as many streams both ways and writes their packets to files. It is spoken with in its own protocol (ng): a cookie and a bencoded
/// dictionary in a datagram.
/// </summary>
internal static partial class RtpEngine
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(4);

    internal sealed record Outcome(VoicePeer.Result Heard, (string Name, double Cores, double MiB) Took);

    /// <returns>Null where it is not installed.</returns>
    public static async Task<Outcome?> RunAsync(int calls, int seconds, string folder)
    {
        var recordings = Directory.CreateDirectory(Path.Combine(folder, "rtpengine")).FullName;
        var (control, engine) = (Programs.FreePort(), (Process?)null);
        try
        {
            engine = Programs.Start(
                "rtpengine", "--config-file=none", "--table=-1", "--interface=127.0.0.1", $"--listen-ng=127.0.0.1:{Programs.Text(control)}", "--port-min=40000", "--port-max=42000", "--foreground", "--log-stderr",
                "--log-level=3", "--num-threads=2", $"--recording-dir={recordings}", "--recording-method=pcap", $"--pidfile={Path.Combine(recordings, "pid")}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine("rtpengine is not installed: no peer (apt-get install rtpengine-daemon)");
            return null;
        }

        try
        {
            using var callee = new VoicePeer(Voice.Timed);
            using var interviewers = new VoicePeer(Voice.Timed);
            using var ng = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            ng.Connect(IPAddress.Loopback, control);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            for (var call = 0; call < calls; call++)
            {
                var forCallee = await AskAsync(ng, call, "offer", interviewers.Port);
                var forInterviewer = await AskAsync(ng, call, "answer", callee.Port);
                callee.Call(new IPEndPoint(IPAddress.Loopback, forCallee), 1);
                interviewers.Call(new IPEndPoint(IPAddress.Loopback, forInterviewer), 1);
            }

            await Task.Delay(Settle, TimeProvider.System);
            callee.Begin();
            interviewers.Begin();
            var taken = new Taken("rtpengine, userspace, recording packets", engine);
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
            var (took, one, other) = (taken.Measured(), callee.Measured(), interviewers.Measured());
            return new Outcome(
                new VoicePeer.Result(
                    one.Streams + other.Streams, one.Received + other.Received, one.Lost + other.Lost, 0, (one.JitterMs + other.JitterMs) / 2, Math.Max(one.WorstJitterMs, other.WorstJitterMs),
                    (one.WayP50Ms + other.WayP50Ms) / 2, Math.Max(one.WayP99Ms ?? 0, other.WayP99Ms ?? 0)),
                took);
        }
        finally
        {
            Programs.Kill(engine);
        }
    }

    // The port that stands for the one who speaks.
    private static async Task<int> AskAsync(UdpClient ng, int call, string command, int port)
    {
        var sdp = $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {Programs.Text(port)} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n";
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["call-id"] = $"call{Programs.Text(call)}", ["command"] = command, ["from-tag"] = "interviewer", ["record call"] = "yes", ["sdp"] = sdp, ["ICE"] = "remove",
        };
        if (command == "answer")
            pairs["to-tag"] = "callee";
        var cookie = $"{command}{Programs.Text(call)}";
        var message = $"{cookie} d{string.Concat(pairs.Select(p => Bencoded(p.Key) + Bencoded(p.Value)))}e";
        await ng.SendAsync(Encoding.ASCII.GetBytes(message));
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var told = Encoding.ASCII.GetString((await ng.ReceiveAsync(late.Token)).Buffer);
        var found = MediaPort().Match(told);
        return found.Success ? int.Parse(found.Groups["port"].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"rtpengine said: {told}");
    }

    private static string Bencoded(string text) => $"{Programs.Text(text.Length)}:{text}";

    [GeneratedRegex(@"m=audio (?<port>\d+) ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MediaPort();
}
