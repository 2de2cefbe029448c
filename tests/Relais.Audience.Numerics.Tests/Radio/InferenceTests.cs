using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Tests.Radio;

/// <summary>Intervals, changes, accumulation and publication against values worked out elsewhere.</summary>
public sealed class InferenceTests
{
    // Digits from the tables of Abramowitz and Stegun (26.1, 7.1) and of the Digital Library of Mathematical Functions.
    [Theory]
    [InlineData(0.975, 1.9599639845400545)]
    [InlineData(0.995, 2.5758293035489004)]
    [InlineData(0.5, 0)]
    [InlineData(0.841344746068542949, 1)]
    [InlineData(1e-10, -6.3613409024040562)]
    public void Quantiles_of_the_normal_law_have_fourteen_digits(double probability, double z) =>
        Assert.Equal(z, NormalLaw.Quantile(probability), 1e-13 * Math.Max(1, Math.Abs(z)));

    [Theory]
    [InlineData(0.5, 0.47950012218695346)]
    [InlineData(1, 0.15729920705028513)]
    [InlineData(2, 0.0046777349810472658)]
    [InlineData(3, 2.2090496998585441e-5)]
    [InlineData(5, 1.5374597944280349e-12)]
    [InlineData(-1, 1.8427007929497149)]
    public void The_complementary_error_function_has_thirteen_digits(double x, double expected) =>
        Assert.Equal(1, NormalLaw.Erfc(x) / expected, 1e-13);

    [Fact]
    public void A_small_proportion_has_an_interval_above_nothing()
    {
        var logit = ConfidenceInterval.Percentage(1.0, 0.6, 1000);
        Assert.Equal(IntervalMethod.Logit, logit.Method);
        // log(0.01 / 0.99) +- 1.959964 x 0.006 / 0.0099
        Assert.Equal(100 / (1 + Math.Exp(4.59511985013459 + 1.1878569603273)), logit.Low, 1e-9);
        Assert.Equal(100 / (1 + Math.Exp(4.59511985013459 - 1.1878569603273)), logit.High, 1e-9);
        Assert.True(ConfidenceInterval.Normal(1.0, 0.6).Low < 0);
    }

    [Fact]
    public void Nobody_among_a_thousand_still_has_an_upper_limit()
    {
        var interval = ConfidenceInterval.Percentage(0, 0, 1000);
        // z^2 / (n + z^2)
        Assert.Equal((0, IntervalMethod.Wilson), (interval.Low, interval.Method));
        Assert.Equal(100 * 3.8414588206941254 / 1003.8414588206941, interval.High, 1e-10);
    }

    [Fact]
    public void The_effective_Wilson_interval_is_Wilsons_own_for_a_simple_sample()
    {
        var simple = Math.Sqrt(0.1 * 0.9 / 50);
        var interval = ConfidenceInterval.EffectiveWilson(0.1, simple, 50);
        // Its limits are the roots of (p - 0.1)^2 = z^2 p (1 - p) / 50.
        foreach (var limit in new[] { interval.Low, interval.High })
            Assert.Equal(3.8414588206941254 * limit * (1 - limit) / 50, (limit - 0.1) * (limit - 0.1), 1e-15);
    }

    [Fact]
    public void A_change_between_waves_is_tested_with_both_errors()
    {
        var change = WaveChange.Between(12.0, 0.3, 11.0, 0.4);
        Assert.Equal((-1.0, 0.5, -2.0), (change.Difference, change.StandardError, change.Z));
        Assert.Equal(0.045500263896358, change.P, 1e-14);
        Assert.True(double.IsNaN(WaveChange.Between(0, 0, 0, 0).P));
    }

    [Fact]
    public void Comparisons_that_are_read_together_are_adjusted_as_R_does()
    {
        double[] values = [0.01, 0.04, double.NaN, 0.03, 0.005];
        Assert.Equal([0.04, 0.16, double.NaN, 0.12, 0.02], WaveChange.Adjust(values, Adjustment.Bonferroni), Near);
        Assert.Equal([0.03, 0.06, double.NaN, 0.06, 0.02], WaveChange.Adjust(values, Adjustment.Holm), Near);
        Assert.Equal([0.02, 0.04, double.NaN, 0.04, 0.02], WaveChange.Adjust(values, Adjustment.BenjaminiHochberg), Near);
        Assert.Equal(values, WaveChange.Adjust(values, Adjustment.None), Near);
    }

    [Fact]
    public void Measured_reach_does_not_hang_on_which_day_comes_first()
    {
        // Two people of weight 1: one listens on 1 of 3 days, one on 3 of 3; a third never.
        var measured = Accumulation.Measured([1, 3, 0], 3, new([1, 1, 2]));
        Assert.Equal(AccumulationMethod.Measured, measured.Method);
        Assert.Equal([(1.0 / 3 + 1) / 4, (2.0 / 3 + 1) / 4, 2.0 / 4], measured.ReachByDays, Near);
        Assert.Equal(3, measured.StandardErrors!.Count);
        Assert.Null(Accumulation.Binomial(0.2, 3).StandardErrors);
        Assert.Equal(1, Accumulation.Measured([1, 3, 0], 3, new([1, 1, 2]), [false, true, false]).After(1));
    }

    [Fact]
    public void One_day_measured_is_the_reach_of_that_day_with_its_error_and_all_days_are_their_union()
    {
        var sample = ReferenceDiary.Sample;
        var day = new BandDay();
        var table = ComputeIndicators.From(sample, new([Target.All(sample.Respondents)], [new("day", day.Band), new("morning", day.Morning), new("evening", day.Evening)], []));
        var station = table.RowOfStation(0);

        var once = Accumulation.Measured(Accumulation.DaysListened([sample.Listening], day.FirstStation, day.Band), 1, day.Design);
        Assert.Equal(table[0, 0, station].AcPct / 100, once.After(1), 1e-12);
        Assert.Equal(table[0, 0, station].AcPctSe / 100, once.StandardErrors![0], 1e-12);

        // Morning and evening taken for two days.
        var (morning, evening) = (Accumulation.DaysListened([sample.Listening], day.FirstStation, day.Morning), Accumulation.DaysListened([sample.Listening], day.FirstStation, day.Evening));
        var twice = Accumulation.Measured([.. morning.Zip(evening, (one, other) => one + other)], 2, day.Design);
        Assert.Equal((table[0, 1, station].AcPct + table[0, 2, station].AcPct) / 200, twice.After(1), 1e-12);
        Assert.Equal(table[0, 0, station].AcPct / 100, twice.After(2), 1e-12);
    }

    [Fact]
    public void The_beta_binomial_reproduces_the_two_days_it_was_fitted_to_and_lies_below_independence()
    {
        // Beta(1, 3): reach 1/4 of one day, 1 - (3 x 4) / (4 x 5) = 2/5 of two, 1 - 3/(3 + d) of d.
        var model = Accumulation.BetaBinomial(0.25, 0.4, 20)!;
        Assert.Equal(AccumulationMethod.BetaBinomial, model.Method);
        for (var day = 1; day <= 20; day++)
        {
            Assert.Equal(1 - 3.0 / (3 + day), model.After(day), 1e-12);
            Assert.True(model.After(day) <= Accumulation.Binomial(0.25, 20).After(day) + 1e-15);
        }

        Assert.Null(Accumulation.BetaBinomial(0.25, 0.25, 5));
        Assert.Null(Accumulation.BetaBinomial(0.25, 1 - 0.75 * 0.75, 5));
    }

    [Fact]
    public void The_negative_binomial_reproduces_the_day_it_was_fitted_to()
    {
        // m = 2, k = 0.5: one day 1 - 5^-0.5, four days 1 - 17^-0.5.
        var model = Accumulation.NegativeBinomial(1 - Math.Pow(5, -0.5), 2, 4)!;
        Assert.Equal(AccumulationMethod.NegativeBinomial, model.Method);
        Assert.Equal(1 - Math.Pow(5, -0.5), model.After(1), 1e-12);
        Assert.Equal(1 - Math.Pow(17, -0.5), model.After(4), 1e-12);
        Assert.Null(Accumulation.NegativeBinomial(0.9, 2, 4));
    }

    [Fact]
    public void A_figure_of_too_few_interviews_is_not_in_what_is_published()
    {
        var sample = ReferenceDiary.Sample;
        var table = ComputeIndicators.From(sample, new([Target.All(sample.Respondents)], [Band.TryParse("0500-2400", BroadcastDay.French, out _)!], []));
        var rule = new PublicationRule(Interviews: 500, Listeners: 30);
        Assert.Equal(new Publication.Withheld(Suppression.TooFewListeners, 30), rule.Apply(table[0, 0, table.RowOfStation(9)]));
        Assert.IsType<Publication.Shown>(rule.Apply(table[0, 0, table.RowOfStation(0)]));
        Assert.Equal(new Publication.Withheld(Suppression.TooFewInterviews, 1201), new PublicationRule(1201).Apply(table[0, 0, 0]));
    }

    /// <summary>The reference diary's day in two halves.</summary>
    private sealed class BandDay
    {
        public QuarterHours Band { get; } = BroadcastDay.French.Whole;

        public QuarterHours Morning { get; } = QuarterHours.Between(0, 30);

        public QuarterHours Evening { get; } = QuarterHours.Between(30, 76);

        public IReadOnlySet<int> FirstStation { get; } = new HashSet<int> { 0 };

        public SurveyDesign Design { get; } = new(ReferenceDiary.Sample.Weights.ToArray(), ReferenceDiary.Sample.Strata.ToArray());
    }

    private static bool Near(double expected, double actual) => expected.Equals(actual) || Math.Abs(expected - actual) < 1e-12;
}
