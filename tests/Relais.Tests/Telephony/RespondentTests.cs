using System.Net;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;
using Relais.Telephony.Lines;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Respondents;

namespace Relais.Tests.Telephony;

/// <summary>Made-up people at the other end of a real line: what becomes of calls, and what is heard.</summary>
public sealed class RespondentTests(TelephonyApp app) : IClassFixture<TelephonyApp>
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    internal static RespondentSettings ByNumber { get; } =
        RespondentSettings.Usual with { Listen = new IPEndPoint(IPAddress.Loopback, 0), FromNumber = true, Ring = (Soon, Soon), Think = (Soon, Soon) };

    [Theory]
    [InlineData("86", nameof(CallEnd.Refused), 486, CallOutcome.Busy)]
    [InlineData("04", nameof(CallEnd.Refused), 404, CallOutcome.UnknownNumber)]
    [InlineData("55", nameof(CallEnd.HungUpThere), 200, CallOutcome.Answered)]
    public async Task What_a_respondent_does_becomes_the_calls_outcome(string end, string why, int status, CallOutcome outcome)
    {
        await using var respondents = SimulatedRespondents.Start(ByNumber, TimeProvider.System);
        await app.AddTrunkAsync(respondents.Local.Port);
        var call = await app.EndedAsync(await TelephonyApp.PlaceAsync(await app.InterviewerAsync(), $"01 99 11 22 {end}"));
        Assert.Equal((why, status, outcome), (call.End.ToString(), call.SipStatus, call.Outcome));
    }

    [Fact]
    public async Task Nobody_answers_at_some_and_the_call_rings_until_it_is_given_up()
    {
        await using var respondents = SimulatedRespondents.Start(ByNumber, TimeProvider.System);
        await app.AddTrunkAsync(respondents.Local.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0199112208");
        await app.CallAsync(id, c => c.State is CallState.Ringing);
        await TelephonyApp.HangUpAsync(interviewer, id);
        Assert.Equal(CallOutcome.Cancelled, (await app.EndedAsync(id)).Outcome);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("83")]
    public async Task Who_answers_speaks_first_and_replies_once_the_caller_has_ended_speaking(string end)
    {
        await using var respondents = SimulatedRespondents.Start(ByNumber, TimeProvider.System);
        await app.AddTrunkAsync(respondents.Local.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, $"01991122{end}");
        var call = await app.AnsweredAsync(id);
        Assert.NotNull(call.RingingAt);
        var caller = new CallersEar(app.Lines.VoiceOf(id)!);
        await TelephonyApp.UntilTrueAsync(() => caller.Spoke(frames: 10));
        await TelephonyApp.UntilTrueAsync(() => caller.Paused);
        caller.Say(TimeSpan.FromSeconds(0.6));
        await TelephonyApp.UntilTrueAsync(() => caller.Spoke(frames: 10));
        await TelephonyApp.HangUpAsync(interviewer, id);
        call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.HungUpHere, CallOutcome.Answered), (call.End, call.Outcome));
    }

    [Fact]
    public async Task Who_refuses_says_so_and_hangs_up()
    {
        await using var respondents = SimulatedRespondents.Start(ByNumber, TimeProvider.System);
        await app.AddTrunkAsync(respondents.Local.Port);
        var id = await TelephonyApp.PlaceAsync(await app.InterviewerAsync(), "0199112261");
        await app.AnsweredAsync(id);
        var caller = new CallersEar(app.Lines.VoiceOf(id)!);
        await TelephonyApp.UntilTrueAsync(() => caller.Spoke(frames: 10));
        await TelephonyApp.UntilTrueAsync(() => caller.Paused);
        caller.Say(TimeSpan.FromSeconds(0.6));
        var call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.HungUpThere, CallOutcome.Answered), (call.End, call.Outcome));
        Assert.True(caller.Spoke(frames: 30));
    }

    [Fact]
    public async Task A_machine_greets_gives_a_tone_and_says_no_more()
    {
        await using var respondents = SimulatedRespondents.Start(ByNumber, TimeProvider.System);
        await app.AddTrunkAsync(respondents.Local.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0199112277");
        await app.AnsweredAsync(id);
        var caller = new CallersEar(app.Lines.VoiceOf(id)!);
        await TelephonyApp.UntilTrueAsync(() => caller.HeardTone);
        Assert.True(caller.Spoke(frames: 50));
        await TelephonyApp.HangUpAsync(interviewer, id);
        await app.EndedAsync(id);
    }

    [Fact]
    public void The_same_seed_draws_the_same_fates_and_as_often_as_their_weights_say()
    {
        var fates = RespondentFates.TryParse("answer=60, busy=10 # and the rest\nno-answer 30", out _);
        Assert.NotNull(fates);
        var chance = new Random(7);
        var drawn = Enumerable.Range(0, 10_000).Select(_ => fates.Draw(chance.NextDouble())).GroupBy(f => f).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(3, drawn.Count);
        Assert.InRange(drawn[RespondentFate.Answer], 5_800, 6_200);
        Assert.InRange(drawn[RespondentFate.Busy], 880, 1_120);
    }

    [Theory]
    [InlineData("--outcomes answer=many", "answer many")]
    [InlineData("--outcomes sleeps=1", "sleeps 1")]
    [InlineData("--listen nowhere", "--listen nowhere")]
    [InlineData("--ring 9-2", "--ring 9-2")]
    [InlineData("--louder", "--louder")]
    public void What_the_command_line_gets_wrong_is_named(string arguments, string named)
    {
        Assert.Null(RespondentSettings.TryParse(arguments.Split(' '), out var fault));
        Assert.Contains(named, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_says_where_how_and_who()
    {
        var settings = RespondentSettings.TryParse(["--listen", "127.0.0.9:5071", "--seed", "42", "--from-number", "--ring", "1-2.5", "--think", "0.5"], out _);
        Assert.NotNull(settings);
        Assert.Equal((new IPEndPoint(IPAddress.Parse("127.0.0.9"), 5071), 42, true), (settings.Listen, settings.Seed, settings.FromNumber));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(0.5)), (settings.Ring.Least, settings.Ring.Most, settings.Think.Most));
    }

    /// <summary>The interviewer's side of a leg: hears how loud and how high, and speaks when told.</summary>
    private sealed class CallersEar
    {
        private const double Speech = 400;

        private readonly Lock _lock = new();
        private readonly byte[] _tone = Relais.Telephony.Respondents.Speech.Tone(440, TimeSpan.FromSeconds(2));
        private int _loud;
        private int _quiet;
        private int _tones;
        private int _toSay;

        public CallersEar(RtpLeg leg)
        {
            leg.Hear = Hear;
            leg.Speak = Speak;
        }

        public bool Paused
        {
            get
            {
                lock (_lock)
                    return _quiet > 25;
            }
        }

        public bool HeardTone
        {
            get
            {
                lock (_lock)
                    return _tones > 15;
            }
        }

        /// <summary>Whether so many frames of 20 ms were as loud as speech since the last word of ours.</summary>
        public bool Spoke(int frames)
        {
            lock (_lock)
                return _loud >= frames;
        }

        public void Say(TimeSpan length)
        {
            lock (_lock)
                (_toSay, _loud, _quiet) = ((int)(length.TotalMilliseconds / 20), 0, 0);
        }

        private bool Speak(Memory<byte> frame)
        {
            lock (_lock)
            {
                if (_toSay == 0)
                    return false;
                _tone.AsSpan(--_toSay * 160, 160).CopyTo(frame.Span);
                return true;
            }
        }

        private void Hear(ReadOnlyMemory<byte> frame)
        {
            var samples = new short[frame.Length];
            G711.DecodeALaw(frame.Span, samples);
            var level = Math.Sqrt(samples.Average(s => (double)s * s));
            var tone = samples.Length == 0 ? 0 : Share(samples, 1000);
            lock (_lock)
            {
                (_loud, _quiet) = level > Speech ? (_loud + 1, 0) : (_loud, _quiet + 1);
                if (level > Speech && tone > 0.9)
                    _tones++;
            }
        }

        // Goertzel: how much of the energy is at this frequency.
        private static double Share(short[] samples, double hertz)
        {
            var (w, s1, s2, energy) = (2 * Math.Cos(2 * Math.PI * hertz / 8000), 0.0, 0.0, 0.0);
            foreach (var sample in samples)
            {
                (s1, s2) = (sample + (w * s1) - s2, s1);
                energy += (double)sample * sample;
            }

            return energy == 0 ? 0 : 2 * ((s1 * s1) + (s2 * s2) - (w * s1 * s2)) / (energy * samples.Length);
        }
    }
}
