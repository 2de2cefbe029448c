using System.Diagnostics;
using System.Globalization;
using System.Net;
using Relais.Fieldwork.Bench;

namespace Relais.Telephony.Bench;

/// <summary>So many calls at once, signalled through SIPp, with voice both ways and a recording each: what the relay takes and adds, beside rtpengine.</summary>
internal static class LoadBench
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(int calls, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("relais-telephony-bench-").FullName;
        var (sipp, relay) = ((Process?)null, (Process?)null);
        try
        {
            Machine.Say(string.Create(CultureInfo.InvariantCulture, $"{calls} calls with recording, {seconds} s"));
            // As much traffic without a relay: what the machine adds by itself at that moment.
            var direct = await DirectAsync(calls);
            var peer = await RtpEngine.RunAsync(calls, seconds / 2, folder);
            using var callee = new VoicePeer(Voice.Timed);
            using var interviewers = new VoicePeer(Voice.Timed);
            var sip = Programs.FreePort();
            sipp = await Programs.OperatorAsync(sip, callee.Port, calls);
            relay = Programs.Own("relay", Programs.Text(sip), Programs.Text(interviewers.Port), Programs.Text(calls), folder);
            while (await relay.StandardOutput.ReadLineAsync() is { } said && said != "ready")
                Console.WriteLine(said);
            await Task.Delay(Settle, TimeProvider.System);
            callee.Begin();
            interviewers.Begin();
            Taken[] taken = [new("Relais's relay", relay), new("SIPp", sipp), new("both ends of all streams", Process.GetCurrentProcess())];
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
            var (took, heard, said2) = (taken.Select(t => t.Measured()).ToList(), interviewers.Measured(), callee.Measured());
            relay.StandardInput.Close();
            var recorded = (await relay.StandardOutput.ReadToEndAsync()).Trim();
            Console.WriteLine(VoicePeer.Result.Head);
            Console.WriteLine(direct.Row("without a relay", tone: false));
            Console.WriteLine(heard.Row("respondent to interviewer", tone: false));
            Console.WriteLine(said2.Row("interviewer to respondent", tone: false));
            if (peer is not null)
                Console.WriteLine(peer.Heard.Row("rtpengine, both ways", tone: false));
            Console.WriteLine();
            Taken.Say(peer is null ? took : [.. took, peer.Took]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"\nadded jitter: {heard.JitterMs - direct.JitterMs:0.00} ms to what respondents say, {said2.JitterMs - direct.JitterMs:0.00} ms to what interviewers say (aim: under 2); {recorded}"));
            if (peer is not null)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Relais's relay takes {took[0].Cores / peer.Took.Cores:0.00} times the processor of rtpengine, which records packets as they came, unencrypted"));
            return heard.Lost + said2.Lost == 0 && heard.Streams == calls && said2.Streams == calls ? 0 : 1;
        }
        finally
        {
            Programs.Kill(relay);
            Programs.Kill(sipp);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<VoicePeer.Result> DirectAsync(int calls)
    {
        using var to = new VoicePeer(Voice.Timed);
        using var from = new VoicePeer(Voice.Timed);
        from.Call(new IPEndPoint(IPAddress.Loopback, to.Port), calls);
        await Task.Delay(Settle, TimeProvider.System);
        to.Begin();
        await Task.Delay(Settle, TimeProvider.System);
        return to.Measured();
    }
}
