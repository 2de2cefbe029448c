using CsCheck;
using Relais.Telephony.Pacing;

namespace Relais.Tests.Telephony.Pacing;

/// <summary>What pacing learns from the telephone.</summary>
public sealed class EstimateTests
{
    [Fact]
    public void Lengths_that_are_over_and_that_still_last_give_the_chance_to_end_soon()
    {
        var talk = new LengthEstimate(usual: 100, weight: 1, half: 100_000);
        // Half end at 20 s, half at 600 s.
        for (var i = 0; i < 2000; i++)
        {
            var length = i % 2 == 0 ? 20.0 : 600.0;
            talk.Last(0, length);
            talk.End(length);
        }

        Assert.Equal(0, talk.EndsWithin(0, 15), 0.01);
        Assert.Equal(0.5, talk.EndsWithin(15, 10), 0.08);
        Assert.Equal(0, talk.EndsWithin(100, 60), 0.01);
        Assert.True(talk.EndsWithin(570, 90) > 0.6);
    }

    [Fact]
    public void Long_conversations_that_are_not_over_yet_are_not_taken_for_short_ones()
    {
        var talk = new LengthEstimate(usual: 60, weight: 0.1, half: 1000);
        for (var i = 0; i < 50; i++)
        {
            talk.Last(0, 10);
            talk.End(10);
        }

        // Fifty more are under way for a minute.
        for (var i = 0; i < 50; i++)
            talk.Last(0, 60);
        Assert.InRange(talk.EndsWithin(0, 12), 0.4, 0.7);
        Assert.True(talk.EndsWithin(20, 20) < 0.05);
    }

    [Fact]
    public void Calls_are_answered_when_others_were_and_recent_ones_weigh_more()
    {
        var ring = new RingEstimate(half: 50);
        for (var i = 0; i < 500; i++)
            ring.End(i % 5 == 0 ? 8 : 25, answered: i % 5 == 0);
        Assert.Equal(0.2, ring.Answers, 0.06);
        Assert.True(ring.AnswersWithin(0, 7) < 0.06);
        Assert.True(ring.AnswersWithin(10, 10) < 0.06);
        for (var i = 0; i < 200; i++)
            ring.End(8, answered: true);
        Assert.True(ring.Answers > 0.85);
    }

    [Fact]
    public void The_number_of_free_ones_is_exact_while_they_are_few_and_close_when_they_are_many() =>
        Gen.Select(Gen.Int[0, 4], Gen.Double[0, 1].Array[0, 8], Gen.Double[0, 1].Array[0, 8]).Sample((free, more, less) =>
        {
            var ones = new FreeOnes();
            ones.Begin(free);
            foreach (var chance in more)
                ones.Step(chance, 1);
            foreach (var chance in less)
                ones.Step(chance, -1);
            Assert.Equal(Enumerated(free, more, less), ones.Nobody(), 1e-3);
        });

    [Fact]
    public void Many_steps_are_summed_by_the_normal_distribution()
    {
        var ones = new FreeOnes();
        ones.Begin(10);
        for (var i = 0; i < 100; i++)
            ones.Step(0.2, -1);
        for (var i = 0; i < 100; i++)
            ones.Step(0.1, 1);
        // Mean 0, variance 25: nobody is left in a little more than half.
        Assert.Equal(0.54, ones.Nobody(), 0.01);
    }

    // By all outcomes of all steps.
    private static double Enumerated(int free, double[] more, double[] less)
    {
        var sum = 0.0;
        var all = more.Length + less.Length;
        for (var mask = 0; mask < 1 << all; mask++)
        {
            var (chance, left) = (1.0, free);
            for (var i = 0; i < all; i++)
            {
                var happens = (mask & (1 << i)) != 0;
                var p = i < more.Length ? more[i] : less[i - more.Length];
                chance *= happens ? p : 1 - p;
                left += !happens ? 0 : i < more.Length ? 1 : -1;
            }

            sum += left <= 0 ? chance : 0;
        }

        return sum;
    }
}
