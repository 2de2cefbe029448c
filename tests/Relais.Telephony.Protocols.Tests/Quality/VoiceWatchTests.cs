using Relais.Telephony.Protocols.Quality;
using Relais.Telephony.Protocols.Tests.Audio;

namespace Relais.Telephony.Protocols.Tests.Quality;

public sealed class VoiceWatchTests
{
    private static readonly byte[] Voice = Signals.ALaw(Signals.Tone(300, 6_000, 160));
    private static readonly byte[] Loud = Signals.ALaw(Signals.Tone(300, 70_000, 160));
    private static readonly byte[] Nothing = Signals.Silence(160);

    private readonly VoiceWatch _watch = new(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(10));

    private void Add(byte[] respondent, byte[] interviewer, int seconds)
    {
        for (var i = 0; i < 50 * seconds; i++)
            _watch.Add(respondent, interviewer);
    }

    [Fact]
    public void Both_silent_for_long_is_dead_air_from_its_beginning_and_a_pause_for_thought_is_none()
    {
        Add(Voice, Voice, 2);
        Add(Nothing, Nothing, 7);
        Assert.Equal((TimeSpan.Zero, 0, TimeSpan.FromSeconds(7)), (_watch.Findings.DeadAir, _watch.Findings.DeadAirs, _watch.Findings.Silence));
        Add(Nothing, Voice, 1);
        Add(Nothing, Nothing, 12);
        Add(Voice, Nothing, 1);
        Add(Nothing, Nothing, 9);
        Assert.Equal((2, 21), (_watch.Findings.DeadAirs, (int)Math.Round(_watch.Findings.DeadAir.TotalSeconds)));
    }

    [Fact]
    public void Who_is_never_heard_while_the_other_speaks_is_named_and_not_any_more_once_heard()
    {
        Add(Nothing, Voice, 9);
        Assert.Null(_watch.Findings.Unheard);
        Add(Nothing, Voice, 2);
        Assert.Equal(VoiceSide.Respondent, _watch.Findings.Unheard);
        Add(Voice, Nothing, 1);
        Assert.Null(_watch.Findings.Unheard);
    }

    [Fact]
    public void An_interviewer_whom_nobody_hears_is_named_too_and_silence_of_both_blames_nobody()
    {
        Add(Nothing, Nothing, 12);
        Assert.Null(_watch.Findings.Unheard);
        Add(Voice, Nothing, 2);
        Assert.Equal(VoiceSide.Interviewer, _watch.Findings.Unheard);
    }

    [Fact]
    public void A_microphone_that_is_too_loud_is_seen_as_a_share_of_what_it_says()
    {
        Add(Voice, Loud, 1);
        Add(Voice, Voice, 3);
        Add(Voice, Nothing, 10);
        Assert.Equal((0, 0.25), (_watch.Findings.RespondentClipped, Math.Round(_watch.Findings.InterviewerClipped, 3)));
    }
}
