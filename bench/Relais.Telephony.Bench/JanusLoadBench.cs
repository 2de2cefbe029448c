using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Relais.Fieldwork.Bench;

namespace Relais.Telephony.Bench;

/// <summary>
/// So many calls at once through all that carries voices: SIPp answers, the server's legs record and relay, and Janus mixes a room a call, whose interviewer is a plain RTP participant with Opus.
/// </summary>
internal static class JanusLoadBench
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(int calls, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("relais-telephony-bench-").FullName;
        var (secret, sip, port) = (Guid.NewGuid().ToString("N"), Programs.FreePort(), Programs.FreePort(ProtocolType.Tcp));
        var (janus, sipp, server) = ((Process?)null, (Process?)null, (Process?)null);
        try
        {
            Machine.Say(string.Create(CultureInfo.InvariantCulture, $"{calls} calls with recording through the relay and Janus, {seconds} s"));
            var peer = await RtpEngine.RunAsync(calls, seconds / 2, folder);
            using var callee = new VoicePeer(Voice.Tone(600));
            using var direct = new VoicePeer(voice: null);
            janus = await Programs.JanusAsync(folder, port, secret, 36_000);
            sipp = await Programs.OperatorAsync(sip, callee.Port, calls);
            await using var interviewers = await PlainInterviewers.OpenAsync(port, secret);
            server = Programs.Own("rooms", Programs.Text(sip), Programs.Text(port), secret, Programs.Text(direct.Port), Programs.Text(calls), folder);
            while (await server.StandardOutput.ReadLineAsync() is { } said && said != "ready")
            {
                if (said.Split(' ') is ["room", var number, var pin])
                    await interviewers.JoinAsync(int.Parse(number, CultureInfo.InvariantCulture), pin);
                else
                    Console.WriteLine(said);
            }

            await Task.Delay(Settle, TimeProvider.System);
            callee.Begin();
            interviewers.Voices.Begin();
            direct.Begin();
            Taken[] taken = [new("Relais's server (relay, recording, measures)", server), new("Janus", janus), new("SIPp", sipp), new("callees and interviewers", Process.GetCurrentProcess())];
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
            var took = taken.Select(t => t.Measured()).ToList();
            var (said2, without, heard) = (callee.Measured(), direct.Measured(), interviewers.Voices.Measured());
            server.StandardInput.Close();
            var recorded = (await server.StandardOutput.ReadToEndAsync()).Trim();
            Console.WriteLine(VoicePeer.Result.Head);
            Console.WriteLine(without.Row("interviewer to respondent, from Janus without the relay", tone: true));
            Console.WriteLine(said2.Row("interviewer to respondent, at the callee", tone: true));
            Console.WriteLine(heard.Row("respondent to interviewer, at the interviewer (Opus)", tone: false));
            if (peer is not null)
                Console.WriteLine(peer.Heard.Row("rtpengine, both ways", tone: false));
            Console.WriteLine();
            Taken.Say(peer is null ? took : [.. took, peer.Took]);
            var added = said2.JitterMs - without.JitterMs;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nthe relay adds {added:0.00} ms of jitter to what comes from Janus (aim: under 2); {recorded}"));
            if (peer is not null)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"Relais's server takes {took[0].Cores / peer.Took.Cores:0.00} times the processor of rtpengine, with Janus {(took[0].Cores + took[1].Cores) / peer.Took.Cores:0.00} times: rtpengine mixes nothing and records packets as they came, unencrypted"));
            }

            return said2.Lost + heard.Lost == 0 && said2.Streams == calls && heard.Streams == calls && added < 2 ? 0 : 1;
        }
        finally
        {
            Programs.Kill(server);
            Programs.Kill(sipp);
            Programs.Kill(janus);
            Directory.Delete(folder, recursive: true);
        }
    }
}
