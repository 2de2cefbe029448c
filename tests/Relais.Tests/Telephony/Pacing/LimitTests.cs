using CsCheck;
using Relais.Telephony.Pacing;
using Relais.Telephony.Pacing.Simulation;

namespace Relais.Tests.Telephony.Pacing;

/// <summary>The limit on abandoned calls, whoever paces.</summary>
public sealed class LimitTests
{
    private const long Midnight = 1440 * 30;

    [Fact]
    public void A_campaign_that_has_reached_nobody_yet_may_lose_nobody()
    {
        Assert.Equal(0, new AbandonmentLedger(0.03).At(Midnight + 600, Midnight, Midnight + 1440).Allowance);
        Assert.Equal(0, Ledger((600, 32, 0)).Allowance);
        // One of 33 is 3.03 %, one of 34 is not.
        Assert.Equal(0, Ledger((600, 32, 0)).Allowance);
        Assert.Equal(1, Ledger((600, 33, 0)).Allowance);
        Assert.Equal(2, Ledger((600, 65, 0)).Allowance);
        Assert.Equal(1, Ledger((600, 66, 1)).Allowance);
    }

    [Fact]
    public void Calls_of_a_day_ago_count_no_longer_and_abandoned_ones_a_little_longer()
    {
        // 23 h 58 min ago: it is gone before a call that is placed now is decided.
        Assert.Equal((0, 1), Counts(Ledger((660 - 1440 + 2, 100, 1))));
        Assert.Equal((100, 1), Counts(Ledger((660 - 1440 + 4, 100, 1))));
        Assert.Equal((0, 1), Counts(Ledger((660 - 1440, 100, 1))));
        Assert.Equal((0, 0), Counts(Ledger((660 - 1441, 100, 1))));
    }

    [Fact]
    public void The_day_is_kept_apart_so_that_yesterdays_answers_pay_for_nothing_today()
    {
        Assert.Equal(0, Ledger((-300, 1000, 0)).Allowance);
        Assert.Equal(1, Ledger((-300, 1000, 0), (600, 40, 0)).Allowance);
        // Minutes before midnight a call could be answered in a day that has nothing yet.
        Assert.Equal(0, Of([(600, 1000, 0)], 1438).Allowance);
    }

    [Fact]
    public void A_minute_with_calls_on_the_way_beyond_the_ready_ones_bears_no_more_than_the_allowance()
    {
        var view = new PacingView { Ready = 3, Held = 1, Counted = Ledger((600, 66, 0)) };
        view.Ringing.AddRange([0, 0, 0]);
        Assert.Equal(1, new GuardedPacing(new Greedy()).Place(view));
        view.Ringing.Add(0);
        Assert.Equal(0, new GuardedPacing(new Greedy()).Place(view));
    }

    [Fact]
    public void However_greedy_a_pacing_is_and_however_the_study_goes_the_limit_is_never_broken() =>
        Gen.Select(Gen.Int[1, 30], Gen.Double[0.05, 1], Gen.Double[-1, 1], Gen.Double[20, 900], Gen.Int[1, 10], Gen.ULong, Gen.Int[1, 3]).Sample(
            (interviewers, answers, swing, interview, limit, seed, days) =>
            {
                var study = new PacedStudy
                {
                    Interviewers = interviewers, AnswerRate = answers, Swing = swing, Talks = PacedStudy.TalksOf(interview), Limit = limit / 100.0, ShiftHours = 1, Days = days,
                    PauseAfter = new Length(900, 0.5), Pause = new Length(120, 0.5),
                };
                var result = StudySimulation.Run(study, DialMode.Predictive, new GuardedPacing(new Greedy()), seed);
                Assert.True(result.Keeps(study.Limit), $"{result.WorstDay:P2} of a day, {result.WorstRolling:P2} of 24 h");
            },
            iter: 40);

    private static (int, int) Counts(AbandonmentLedger.Standing of) => (of.Answered, of.Abandoned);

    private static AbandonmentLedger.Standing Ledger(params (long Minute, int Answered, int Abandoned)[] counts) => Of(counts, 660);

    private static AbandonmentLedger.Standing Of((long Minute, int Answered, int Abandoned)[] counts, long minute)
    {
        var ledger = new AbandonmentLedger(0.03);
        foreach (var (at, answered, abandoned) in counts)
            ledger.Add(Midnight + at, answered, abandoned);
        return ledger.At(Midnight + minute, Midnight, Midnight + 1440);
    }

    /// <summary>Wants ten calls more, whatever happens.</summary>
    private sealed class Greedy : IPacing
    {
        public void Learn(PacingNews news)
        {
            // It learns nothing.
        }

        public int Place(PacingView view) => 10;
    }
}
