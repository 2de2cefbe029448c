using CsCheck;
using Relais.Telephony.Protocols.Quality;

namespace Relais.Telephony.Protocols.Tests.Quality;

public sealed class LegQualityTests
{
    private static HomeMeasure Home(double loss, double jitter, double? trip, double? best, double starved) => new(LegMeasure.Of(loss, jitter, trip), best, starved);

    [Theory]
    [InlineData(0, 5, 40.0, 4.37, false)]
    [InlineData(1, 20, 40.0, 4.28, false)]
    [InlineData(3, 5, 40.0, 4.07, true)]
    [InlineData(0, 5, 900.0, 2.28, true)]
    [InlineData(12, 40, null, 3.07, true)]
    public void A_leg_is_scored_by_the_E_model_and_bad_where_people_notice(double loss, double jitter, double? trip, double score, bool bad)
    {
        var measure = LegMeasure.Of(loss, jitter, trip);
        Assert.InRange(measure.Score, score - 0.01, score + 0.01);
        Assert.Equal(bad, measure.IsBad);
    }

    [Fact]
    public void A_bad_moment_is_no_bad_spell_and_a_good_one_ends_none()
    {
        var spell = new BadSpell(TimeSpan.FromSeconds(10));
        bool At(int second, bool bad) => spell.Add(TimeSpan.FromSeconds(second), bad);
        Assert.False(At(0, false) || At(5, true) || At(10, true) || At(14, false) || At(15, true) || At(20, true));
        Assert.Null(spell.Since);
        Assert.True(At(25, true));
        Assert.Equal((TimeSpan.FromSeconds(15), 1), (spell.Since, spell.Count));
        Assert.False(At(30, true) || At(35, false) || At(40, true) || At(45, false) || At(50, false));
        Assert.NotNull(spell.Since);
        Assert.False(At(55, false));
        Assert.Null(spell.Since);
    }

    [Fact]
    public void A_series_takes_six_bytes_a_measure_and_gives_them_back() =>
        Gen.Select(Gen.Int[0, 60_000], Gen.Double[0, 100], Gen.Double[0, 250], Gen.Int[0, 1000], Gen.Bool, Gen.Double[1, 4.5]).Sample((second, loss, jitter, trip, known, score) =>
        {
            var bytes = new byte[QualitySeries.Length];
            QualitySeries.Write(bytes, TimeSpan.FromSeconds(second), new LegMeasure(loss, jitter, known ? trip : null, score));
            var (since, measure) = Assert.Single(QualitySeries.Read(bytes));
            Assert.Equal(second, since.TotalSeconds);
            Assert.InRange(measure.LossPercent, loss - 0.26, loss + 0.26);
            Assert.InRange(measure.JitterMs, jitter - 0.51, jitter + 0.51);
            Assert.InRange(measure.Score, score - 0.011, score + 0.011);
            Assert.Equal(known, measure.RoundTripMs is not null);
            Assert.InRange(measure.RoundTripMs ?? trip, trip - 2.1, trip + 2.1);
        });

    [Fact]
    public void An_operators_line_is_to_blame_alone_and_the_institutes_way_out_where_all_are_bad()
    {
        Assert.Equal(QualityCause.Trunk, LikelyCause.OfTrunk(1, 1));
        Assert.Equal(QualityCause.Trunk, LikelyCause.OfTrunk(1, 3));
        Assert.Equal(QualityCause.Institute, LikelyCause.OfTrunk(2, 2));
    }

    [Fact]
    public void The_home_legs_cause_is_read_from_its_measures()
    {
        // A computer that starves its sound looks like a bad network too.
        Assert.Equal(QualityCause.Computer, LikelyCause.OfHome(Home(4, 60, 30, 25, 8)));
        // A queue that grows: somebody uploads.
        Assert.Equal(QualityCause.Bandwidth, LikelyCause.OfHome(Home(3, 30, 420, 35, 0)));
        // Uneven without a queue.
        Assert.Equal(QualityCause.Wireless, LikelyCause.OfHome(Home(3, 45, 60, 30, 0)));
        // A long way is no queue.
        Assert.Equal(QualityCause.HomeNetwork, LikelyCause.OfHome(Home(5, 8, 300, 280, 0)));
    }
}
