using System.Net.Sockets;
using Relais.Kernel.Verbs;

namespace Relais.Telephony.Respondents;

/// <summary><c>relais respondents</c>: made-up people who can be called, for the demo, for training and for load.</summary>
internal static class RespondentsVerb
{
    public static readonly Verb Verb = new("respondents", "made-up people who can be called over SIP, and who speak French", RunAsync) { Usage = Usage };

    private const string Usage = """
        usage: relais respondents [--listen ADDRESS:PORT] [--seed N] [--outcomes FILE|WEIGHTS] [--from-number] [--ring SECONDS[-SECONDS]] [--think SECONDS[-SECONDS]]
          WEIGHTS: answer=60,busy=10,no-answer=20,refusal=5,machine=3,hang-up=1,unknown=1
          --from-number: the last two digits decide (86 busy, 08 no answer, 04 unknown, 83 early media, 55 hangs up, 61 refusal, 77 machine, else answers)
        """;

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (RespondentSettings.TryParse(call.Arguments, out var fault) is not { } settings)
        {
            await call.Error.WriteLineAsync($"relais: not understood: {fault}\n{Usage}");
            return 2;
        }

        try
        {
            await Speech.SayAsync(new SpeakingVoice("fr", 155), "Allô ?");
            await using var respondents = SimulatedRespondents.Start(settings, TimeProvider.System, (number, fate) => call.Out.WriteLine($"…{number[Math.Max(0, number.Length - 4)..]} {fate}"));
            await call.Out.WriteLineAsync($"respondents listen at {respondents.Local} (SIP over UDP)");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (SpeechMissingException e)
        {
            await call.Error.WriteLineAsync($"relais: {e.Message}");
            return 1;
        }
        catch (SocketException e)
        {
            await call.Error.WriteLineAsync($"relais: cannot listen at {settings.Listen}: {e.Message}. Choose another address with --listen");
            return 1;
        }
    }
}
