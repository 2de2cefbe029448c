using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;
using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Tests.Radio;

/// <summary>Standard errors of a sample that was drawn in clusters, against a linearisation one by one and against replicate weights.</summary>
public sealed class ClusterTests
{
    private static readonly RadioSample Plain = ReferenceDiary.Sample;

    // Neighbours in the file belong together, and the same numbers return in every region.
    private static readonly int[] Clusters = [.. Enumerable.Range(0, Plain.Respondents).Select(i => i / 3 % 40)];

    private static readonly RadioSample Sample = new(Plain.Listening, Plain.Weights, Plain.Strata, Clusters);

    private static readonly IndicatorRequest Request = new([Target.All(Sample.Respondents)],
        [Band.TryParse("0500-2400", BroadcastDay.French, out _)!, Band.TryParse("0600-0900", BroadcastDay.French, out _)!], [new("S1 and S2", [0, 1])]);

    private static SurveyDesign Design => new(Sample.Weights.ToArray(), Sample.Strata.ToArray(), Clusters);

    [Fact]
    public void Clusters_of_one_person_change_nothing()
    {
        var alone = new RadioSample(Plain.Listening, Plain.Weights, Plain.Strata, [.. Enumerable.Range(0, Plain.Respondents)]);
        foreach (var (one, other) in Cells(ComputeIndicators.From(Plain, Request)).Zip(Cells(ComputeIndicators.From(alone, Request))))
        {
            Assert.Equal(one.AcSe, other.AcSe, 1e-9 * one.AcSe);
            Assert.Equal(one.DeaMinutesSe, other.DeaMinutesSe, 1e-9 * one.DeaMinutesSe);
            Assert.Equal(one.PdaPctSe, other.PdaPctSe, 1e-9);
        }
    }

    [Fact]
    public void The_jackknife_of_clusters_gives_the_error_of_a_total()
    {
        var (table, jackknife) = (ComputeIndicators.From(Sample, Request), Replicates.Jackknife(Design));
        for (var row = 0; row < table.Rows; row++)
        {
            var (place, cell) = (row, table[0, 1, row]);
            var replicated = jackknife.Of(weights => ComputeIndicators.From(Sample.Reweighted(weights), Request, threads: 1)[0, 1, place].Ac);
            Assert.Equal(replicated.StandardError, cell.AcSe, 1e-8 * cell.AcSe);
            if (row == 2)
                break;
        }
    }

    [Fact]
    public void The_bootstrap_of_clusters_and_linearisation_agree_within_Monte_Carlo_error()
    {
        var table = BootstrapIndicators.From(Sample, Request, new(2000, Seed: 126));
        for (var row = 0; row < table.Points.Rows; row++)
        {
            var (taylor, drawn) = (table.Points[0, 0, row], table[0, 0, row]);
            var within = 0.064 + 1.0 / taylor.Listeners;
            Close(taylor.AcPctSe, drawn.AcPct);
            Close(taylor.QhmSe, drawn.Qhm);
            Close(taylor.PdaPctSe, drawn.PdaPct);

            void Close(double expected, double actual) =>
                Assert.True(Math.Abs(actual - expected) <= within * expected + 1e-12, $"row {row}: Taylor {expected}, bootstrap {actual}");
        }
    }

    [Fact]
    public void Calibrated_weights_of_clusters_have_the_errors_of_residuals_one_by_one()
    {
        var problem = Problem();
        var weights = ((CalibrationOutcome.Met)Calibrate.Run(problem, new CalibrationSettings(CalibrationMethod.Raking))).Weights;
        var sample = Sample.Reweighted(weights);
        var estimator = new Estimator(new SurveyDesign(weights, sample.Strata.ToArray(), Clusters), Residuals.Regression(problem));
        var table = ComputeIndicators.Calibrated(sample, problem, Request);
        for (var station = 0; station < 4; station++)
        {
            var (band, heard) = (Request.Bands[0].QuarterHours, new double[sample.Respondents]);
            for (var i = 0; i < heard.Length; i++)
            {
                var at = sample.Listening.StationsOf(i).IndexOf(station);
                heard[i] = at < 0 ? 0 : (sample.Listening.HeardBy(i)[at] & band).Count;
            }

            var (listened, cell) = (Array.ConvertAll(heard, q => q > 0 ? 1.0 : 0), table[0, 0, table.RowOfStation(station)]);
            Near(estimator.Total(listened), cell.Ac, cell.AcSe);
            Near(estimator.Ratio(heard, listened), cell.DeaMinutes / 15, cell.DeaMinutesSe / 15);
            var total = estimator.Total(heard);
            Near(new Estimate(total.Value / band.Count, total.StandardError / band.Count), cell.Qhm, cell.QhmSe);
        }
    }

    [Fact]
    public void Duplication_counts_clusters_too()
    {
        var estimator = new Estimator(Design, Residuals.None);
        var both = Enumerable.Range(0, Sample.Respondents).Select(i => Sample.Listening.StationsOf(i).Contains(0) && Sample.Listening.StationsOf(i).Contains(1) ? 1.0 : 0).ToArray();
        var duplication = Duplication.From(Sample, RespondentMask.Where(Sample.Respondents, _ => true), Request.Bands[0].QuarterHours);
        Near(estimator.Total(both), duplication.Both(0, 1), duplication.BothSe(0, 1));
    }

    [Fact]
    public void A_stratum_of_one_cluster_is_a_lone_one() =>
        Assert.Equal([1], new RadioSample(Plain.Listening, Plain.Weights, [.. Clusters.Select(c => c == 7 ? 1 : 0)], Clusters).LoneStrata);

    private static CalibrationProblem Problem()
    {
        var (sexes, before) = (ReferenceDiary.Respondents.Select(row => row[1]).Distinct().ToList(), new double[Sample.Respondents]);
        Array.Fill(before, 1000);
        var codes = ReferenceDiary.Respondents.Select(row => (ushort)sexes.IndexOf(row[1])).ToArray();
        var number = Enumerable.Range(0, before.Length).Select(i => 1.0 + i % 11).ToArray();
        var totals = sexes.Select((_, sex) => 1000.0 * codes.Count(c => c == sex) * (sex == 0 ? 1.1 : 0.9)).ToArray();
        return new(before, [new CellMargin("sex", sexes, codes, totals), new TotalMargin("number", number, 1000 * number.Sum())]);
    }

    private static IEnumerable<Indicators> Cells(IndicatorTable table) =>
        from band in Enumerable.Range(0, table.Request.Bands.Count)
        from row in Enumerable.Range(0, table.Rows)
        select table[0, band, row];

    private static void Near(Estimate wanted, double value, double error)
    {
        Assert.Equal(wanted.Value, value, 1e-9 * Math.Abs(value));
        Assert.Equal(wanted.StandardError, error, 1e-8 * error);
    }
}
