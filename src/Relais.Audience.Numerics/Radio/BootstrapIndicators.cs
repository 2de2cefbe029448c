using System.Collections.Concurrent;
using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Radio;

/// <summary>How a bootstrap is drawn.</summary>
/// <param name="Replicates">At least 2; 500 make a standard error good to about 3 %.</param>
/// <param name="Seed">The same seed gives the same errors to the last bit, on any machine and any number of threads.</param>
/// <param name="Reweigh">
/// Called with each replicate's weights, in the sample's order, to calibrate them anew in place; from several threads at once. Without it the
/// errors are those of weights that were given, not calibrated.
/// </param>
/// <param name="Before">With <paramref name="Reweigh"/>: the weights from before the calibration, which the replicates multiply; else the sample's.</param>
public sealed record BootstrapSettings(int Replicates, ulong Seed, Action<double[]>? Reweigh = null, double[]? Before = null);

/// <summary>
/// Standard errors of a whole table by the rescaled bootstrap (see <see cref="Replicates.Bootstrap"/>): an independent check of linearisation, and the
/// way when weighting has no formula. A stratum of one respondent is taken for certain here; linearisation says not a number.
/// </summary>
public static class BootstrapIndicators
{
    /// <exception cref="ArgumentException">As of <see cref="ComputeIndicators"/>, or fewer than two replicates.</exception>
    public static BootstrapTable From(RadioSample sample, IndicatorRequest request, BootstrapSettings settings,
        int threads = -1, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Replicates, 2, nameof(settings));
        var points = ComputeIndicators.From(sample, request, threads, cancel);
        var order = new SampleOrder(sample, request.Targets);
        var groupsOf = BandAudience.GroupsOf(sample.Listening, request.Groups);
        var bands = request.Bands.Select(band => new ReplicateBand(order, band.QuarterHours, points.Rows, points.RowOfStation(0))).ToArray();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        var scratch = new ConcurrentBag<(BandAudience, BlockSums)>();
        var weights = sample.Weights.ToArray();
        var design = new SurveyDesign(weights, sample.Strata.ToArray(), sample.Clusters.IsEmpty ? null : sample.Clusters.ToArray(), lonely: LonelyStrata.Certainty);
        var replicates = Replicates.Bootstrap(design, settings.Replicates, settings.Seed);
        var block = new ReplicateBlock(order);
        for (var first = 0; first < settings.Replicates; first += ReplicateBlock.Block)
        {
            var count = Math.Min(ReplicateBlock.Block, settings.Replicates - first);
            block.Draw(replicates, settings.Before ?? weights, first, count, settings.Reweigh, options);
            Parallel.For(0, bands.Length, options, band =>
            {
                if (!scratch.TryTake(out var mine))
                    mine = (new BandAudience(sample.Listening, groupsOf, request.Groups.Count), new BlockSums(points.Rows * order.TargetCount, order.TargetCount));
                bands[band].Add(block, mine.Item1, mine.Item2, points, band);
                scratch.Add(mine);
            });
        }

        var table = new BootstrapTable(points, settings.Replicates);
        for (var band = 0; band < bands.Length; band++)
        {
            for (var row = 0; row < points.Rows; row++)
            {
                for (var target = 0; target < order.TargetCount; target++)
                    table[target, band, row] = bands[band].Errors(row, target);
            }
        }

        return table;
    }
}
