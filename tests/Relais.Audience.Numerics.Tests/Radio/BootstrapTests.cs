using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Numerics.Tests.Radio;

public sealed class BootstrapTests
{
    private static readonly RadioSample Sample = ReferenceDiary.Sample;

    private static readonly IndicatorRequest Request = new([Target.All(Sample.Respondents)],
        [Band.TryParse("0500-2400", BroadcastDay.French, out _)!, Band.TryParse("0600-0900", BroadcastDay.French, out _)!], [new("S1 and S2", [0, 1])]);

    [Fact]
    public void The_bootstrap_and_linearisation_agree_within_Monte_Carlo_error()
    {
        var table = BootstrapIndicators.From(Sample, Request, new(2000, Seed: 126));
        for (var band = 0; band < 2; band++)
        {
            for (var row = 0; row < table.Points.Rows; row++)
            {
                var (taylor, drawn) = (table.Points[0, band, row], table[0, band, row]);
                // The error of a standard error over R replicates is about 1 / sqrt(2 R), 1.6 %; four of them, and more where few listeners
                // make the law of the estimate itself skew.
                var within = 0.064 + 1.0 / taylor.Listeners;
                Close(taylor.AcSe, drawn.Ac);
                Close(taylor.AcPctSe, drawn.AcPct);
                Close(taylor.QhmSe, drawn.Qhm);
                Close(taylor.QhmPctSe, drawn.QhmPct);
                Close(taylor.PdaPctSe, drawn.PdaPct);
                if (taylor.Listeners >= 30)
                    Close(taylor.DeaMinutesSe, drawn.DeaMinutes);

                void Close(double expected, double actual) =>
                    Assert.True(Math.Abs(actual - expected) <= within * expected + 1e-12, $"band {band} row {row}: Taylor {expected}, bootstrap {actual}");
            }
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_errors_and_another_seed_does_not()
    {
        var (one, again, other) = (Of(7, 1), Of(7, 4), Of(8, 4));
        Assert.Equal(one, again);
        Assert.NotEqual(one, other);

        static BootstrapErrors Of(ulong seed, int threads) => BootstrapIndicators.From(Sample, Request, new(20, seed), threads)[0, 0, 3];
    }

    [Fact]
    public void Weights_calibrated_anew_in_each_replicate_give_the_error_of_a_calibrated_figure()
    {
        // Brought to the universe each time, people are a multiple of per cent, and so are their errors.
        var universe = Sample.Universe;
        var table = BootstrapIndicators.From(Sample, Request, new(50, Seed: 1, weights =>
        {
            var scale = universe / weights.Sum();
            for (var i = 0; i < weights.Length; i++)
                weights[i] *= scale;
        }));
        Assert.Equal(table[0, 0, 1].AcPct * universe / 100, table[0, 0, 1].Ac, 1e-6 * table[0, 0, 1].Ac);
    }

    [Fact]
    public void One_replicate_says_nothing_of_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BootstrapIndicators.From(Sample, Request, new(1, 1)));
}
