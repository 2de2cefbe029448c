using System.Runtime.InteropServices;
using System.Collections.Concurrent;
using Relais.Audience.Numerics.Calibration;
using static Relais.Audience.Numerics.Radio.BandSums;

namespace Relais.Audience.Numerics.Radio;

/// <summary>AC, QHM, volume, DEA and PDA with their standard errors, for all rows, bands and targets of a request in one go.</summary>
public static class ComputeIndicators
{
    /// <summary>
    /// Computes a table. Standard errors are by Taylor linearisation with the weights as given, strata of the sample, with replacement; AC and QHM
    /// in people are totals, all else are ratios of totals.
    /// </summary>
    /// <param name="threads">How many threads may work, -1 for one a processor; the result is the same whatever their number.</param>
    /// <exception cref="ArgumentException">A mask is of another sample, or a group names a station that is not there.</exception>
    public static IndicatorTable From(RadioSample sample, IndicatorRequest request, int threads = -1, CancellationToken cancel = default) =>
        Compute(sample, null, request, threads, cancel);

    /// <summary>
    /// The same table with the standard errors of calibrated weights: each linearised variable is replaced by its residual from the regression on the
    /// calibration's columns. Points are the same; errors are smaller, the more so the better the margins explain listening.
    /// </summary>
    /// <param name="sample">With the weights after the calibration.</param>
    /// <param name="calibration">What was calibrated: the weights before, and the margins. Its totals are not used here.</param>
    /// <exception cref="ArgumentException">As without a calibration; or it is of another sample, or of households.</exception>
    public static IndicatorTable Calibrated(RadioSample sample, CalibrationProblem calibration, IndicatorRequest request,
        int threads = -1, CancellationToken cancel = default) => Compute(sample, calibration, request, threads, cancel);

    private static IndicatorTable Compute(RadioSample sample, CalibrationProblem? calibration, IndicatorRequest request, int threads, CancellationToken cancel)
    {
        var table = new IndicatorTable(request, sample.Listening.Stations);
        var order = new SampleOrder(sample, request.Targets);
        var targets = new TargetSums(order);
        var groupsOf = BandAudience.GroupsOf(sample.Listening, request.Groups);
        var model = calibration is null ? null : new CalibrationModel(order, calibration);
        var calibrated = model is null ? null : new CalibratedTargets(order, model, targets);
        var scratch = new ConcurrentBag<CalibratedBand>();
        Parallel.For(0, request.Bands.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, band =>
        {
            var quarterHours = request.Bands[band].QuarterHours;
            var audience = new BandAudience(sample.Listening, groupsOf, request.Groups.Count);
            var sums = new BandSums(order, targets, audience, quarterHours, table.Rows);
            if (model is not null && calibrated is not null)
            {
                if (!scratch.TryTake(out var mine))
                    mine = new CalibratedBand(order, model, calibrated, table.Rows, table.RowOfStation(0));
                mine.Residualise(sums, audience, quarterHours);
                scratch.Add(mine);
            }

            Fill(table, band, order, targets.Weight, calibrated?.Variance ?? targets.Variance, sums);
        });
        return table;
    }

    private static void Fill(IndicatorTable table, int band, SampleOrder order, double[] people, double[] variance, BandSums sums)
    {
        var quarterHours = table.Request.Bands[band].QuarterHours.Count;
        for (var row = 0; row < table.Rows; row++)
        {
            for (var target = 0; target < order.TargetCount; target++)
            {
                var cell = row * order.TargetCount + target;
                var spread = new Spread(people[target], variance[target], sums.Volume[target], sums.VolumeVariance[target]);
                table[target, band, row] = Of(quarterHours, order.Interviews[target], sums.Listeners[cell], sums.Totals[cell], sums.Covariances[cell], spread);
            }
        }
    }

    internal static Indicators Of(int quarterHours, int interviews, int listeners, First total, Covariance cov, Spread of)
    {
        var qhm = total.Q / quarterHours;
        return new()
        {
            Interviews = interviews,
            Listeners = listeners,
            Universe = of.Weight,
            Ac = total.A,
            AcSe = Root(cov.Aa, total.A),
            AcPct = 100 * total.A / of.Weight,
            AcPctSe = 100 * RatioSe(total.A, of.Weight, cov.Aa, cov.A1, of.WeightVariance),
            Qhm = qhm,
            QhmSe = Root(cov.Qq, total.Q) / quarterHours,
            QhmPct = 100 * qhm / of.Weight,
            QhmPctSe = 100 * RatioSe(total.Q, of.Weight, cov.Qq, cov.Q1, of.WeightVariance) / quarterHours,
            VolumeQuarterHours = total.V,
            DeaMinutes = BroadcastDay.Minutes * total.Q / total.A,
            DeaMinutesSe = BroadcastDay.Minutes * RatioSe(total.Q, total.A, cov.Qq, cov.Aq, cov.Aa),
            PdaPct = 100 * total.V / of.Volume,
            PdaPctSe = 100 * RatioSe(total.V, of.Volume, cov.Vv, cov.Vt, of.VolumeVariance),
        };
    }

    private static double RatioSe(double y, double u, double yy, double yu, double uu)
    {
        var ratio = y / u;
        return Root(yy - 2 * ratio * yu + ratio * ratio * uu, y) / Math.Abs(u);
    }

    // What is left of a variance that is nothing, such as that of a share of 100 %, is the rounding of its terms: a coefficient of variation
    // below 3e-8, which no sample has.
    private static double Root(double variance, double estimate) =>
        double.IsNaN(variance) ? double.NaN : variance <= 1e-15 * estimate * estimate ? 0 : Math.Sqrt(variance);
}

/// <summary>A target's weight and its volume of all stations, with their variances.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Spread(double Weight, double WeightVariance, double Volume, double VolumeVariance);
