using CsCheck;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Variance;
using static Relais.Audience.Numerics.Tests.Radio.GeneratedDiary;

namespace Relais.Audience.Numerics.Tests.Radio;

/// <summary>The table's sums over listeners against the estimator, which forms each linearised value.</summary>
public sealed class EstimatorAgreementTests
{
    [Fact]
    public void Every_standard_error_is_that_of_the_linearised_values_one_by_one() => Any.Sample(people =>
    {
        var sample = Sample(people);
        if (sample.LoneStrata.Any())
            return true;

        var estimator = new Estimator(new(sample.Weights.ToArray(), sample.Strata.ToArray()), Residuals.None);
        var table = ComputeIndicators.From(sample, Request(people));
        return Enumerable.Range(0, Bands.Length).All(band => Enumerable.Range(0, 2).All(target =>
        {
            var domain = people.Select(person => target == 0 || person.Some).ToArray();
            return Agree(table[target, band, 0], estimator, domain, people, band, [0, 1, 2, 3])
                && Agree(table[target, band, 1], estimator, domain, people, band, [0, 1])
                && Agree(table[target, band, table.RowOfStation(3)], estimator, domain, people, band, [3]);
        }));
    });

    [Fact]
    public void With_clusters_too_every_standard_error_is_that_of_the_linearised_values_one_by_one() => Any.Sample(people =>
    {
        // Clusters that several strata have by the same number, one of them of people far apart.
        var clusters = people.Select((_, i) => i * i % 7).ToArray();
        var plain = Sample(people);
        var sample = new RadioSample(plain.Listening, plain.Weights, plain.Strata, clusters);
        if (sample.LoneStrata.Any())
            return true;

        var estimator = new Estimator(new(sample.Weights.ToArray(), sample.Strata.ToArray(), clusters), Residuals.None);
        var table = ComputeIndicators.From(sample, Request(people));
        return Enumerable.Range(0, Bands.Length).All(band => Enumerable.Range(0, 2).All(target =>
        {
            var domain = people.Select(person => target == 0 || person.Some).ToArray();
            return Agree(table[target, band, 0], estimator, domain, people, band, [0, 1, 2, 3])
                && Agree(table[target, band, 1], estimator, domain, people, band, [0, 1])
                && Agree(table[target, band, table.RowOfStation(3)], estimator, domain, people, band, [3]);
        }));
    });

    private static bool Agree(Indicators cell, Estimator estimator, bool[] domain, Person[] people, int band, int[] stations)
    {
        var quarterHours = Bands[band].QuarterHours;
        var heard = people.Select(person => person.Heard.Distinct().Where(row => quarterHours[row.QuarterHour]).ToList()).ToList();
        var mine = heard.ConvertAll(rows => rows.Where(row => stations.Contains(row.Station)).ToList());
        double[] q = [.. mine.Select(rows => (double)rows.Select(row => row.QuarterHour).Distinct().Count())];
        var a = Array.ConvertAll(q, count => count > 0 ? 1.0 : 0);
        double[] v = [.. mine.Select(rows => (double)rows.Count)];
        double[] all = [.. heard.Select(rows => (double)rows.Count)];
        var length = quarterHours.Count;
        return Near(estimator.Total(a, domain), cell.Ac, cell.AcSe, 1)
            && Near(estimator.Mean(a, domain), cell.AcPct, cell.AcPctSe, 100)
            && Near(estimator.Total(q, domain), cell.Qhm, cell.QhmSe, 1.0 / length)
            && Near(estimator.Mean(q, domain), cell.QhmPct, cell.QhmPctSe, 100.0 / length)
            && Near(estimator.Ratio(q, a, domain), cell.DeaMinutes, cell.DeaMinutesSe, 15)
            && Near(estimator.Ratio(v, all, domain), cell.PdaPct, cell.PdaPctSe, 100);
    }

    // Of a handful of people an error may cancel to nothing, up to the root of rounding.
    private static bool Near(Estimate wanted, double point, double error, double scale) =>
        (double.IsNaN(wanted.Value) && double.IsNaN(point))
        || (Math.Abs(wanted.Value * scale - point) <= 1e-11 * Math.Max(1, Math.Abs(point))
            && Math.Abs(wanted.StandardError * scale - error) <= 1e-6 * Math.Max(1, Math.Abs(point)));
}
