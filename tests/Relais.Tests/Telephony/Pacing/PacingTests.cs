using Relais.Telephony.Pacing;
using Relais.Telephony.Pacing.Simulation;

namespace Relais.Tests.Telephony.Pacing;

/// <summary>Ways of calling on simulated studies; the whole comparison is ./relais bench telephony pacing.</summary>
public sealed class PacingTests
{
    private static readonly PacedStudy Household = new() { ShiftHours = 3 };

    [Theory]
    [InlineData(0.35, 0)]
    [InlineData(0.2, 0.6)]
    [InlineData(0.35, -0.6)]
    public void Predictive_speaks_more_than_vicidials_adaptation_on_the_same_calls_and_keeps_the_limit(double answers, double swing)
    {
        var study = Household with { AnswerRate = answers, Swing = swing };
        var (ours, theirs, one) = (Seeds(study, () => new GuardedPacing(new Predictive())), Seeds(study, () => new AdaptiveLevel(study.Limit)), Seeds(study, () => new Progressive()));
        Assert.All(ours, r => Assert.True(r.Keeps(study.Limit)));
        var (mean, peer, progressive) = (SimulationResult.Mean(ours), SimulationResult.Mean(theirs), SimulationResult.Mean(one));
        Assert.True(mean.TalkShare > peer.TalkShare, $"{mean.TalkShare:P1} beside {peer.TalkShare:P1}");
        Assert.True(mean.TalkShare > progressive.TalkShare, $"{mean.TalkShare:P1} beside {progressive.TalkShare:P1}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_study_and_another_one_another()
    {
        var (once, again) = (StudySimulation.Run(Household, DialMode.Predictive, 7), StudySimulation.Run(Household, DialMode.Predictive, 7));
        Assert.Equal((once.TalkShare, once.Placed, once.Abandoned, once.MeanWait), (again.TalkShare, again.Placed, again.Abandoned, again.MeanWait));
        Assert.NotEqual(once.Placed, StudySimulation.Run(Household, DialMode.Predictive, 8).Placed);
    }

    [Fact]
    public void Progressive_and_preview_abandon_nobody()
    {
        foreach (var mode in (DialMode[])[DialMode.Preview, DialMode.Progressive])
        {
            var result = StudySimulation.Run(Household, mode, 3);
            Assert.Equal((0, true), (result.Abandoned, result.Answered > 100));
        }
    }

    [Fact]
    public void A_study_that_bears_no_abandoned_call_is_paced_without_one()
    {
        var result = StudySimulation.Run(Household with { Limit = 0 }, DialMode.Predictive, 3);
        Assert.Equal((0, true), (result.Abandoned, result.Answered > 100));
    }

    [Fact]
    public void What_the_simulation_counts_is_what_the_study_says()
    {
        // Ten interviewers whom somebody answers at once, always, and who talk 90 s and note 30 s: three quarters of the time.
        var study = new PacedStudy
        {
            Interviewers = 10, AnswerRate = 1, Ring = new Length(0.01, 0), Talks = [new TalkKind("all", 1, new Length(90, 0))], Note = new Length(30, 0), PauseAfter = new Length(0, 0),
        };
        var result = StudySimulation.Run(study, DialMode.Progressive, 1);
        Assert.Equal(0.75, result.TalkShare, 0.01);
        Assert.Equal(0, result.MeanWait, 0.1);
        Assert.Equal(10 * 4 * 30, result.Answered, 20.0);
        Assert.Equal(result.Placed, result.Answered);
        Assert.Equal(24, result.Course.Count);
        Assert.All(result.Course, moment => Assert.Equal(0.75, moment.TalkShare, 0.05));
    }

    private static List<SimulationResult> Seeds(PacedStudy study, Func<IPacing> make) =>
        [.. Enumerable.Range(1, 4).Select(seed => StudySimulation.Run(study, DialMode.Predictive, make(), (ulong)seed))];
}
