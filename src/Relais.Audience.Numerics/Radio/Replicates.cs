namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// A block of replicates side by side: a respondent's weights in all of them lie next to each other, so that one pass over the listening serves
/// the whole block with vector instructions.
/// </summary>
internal sealed class Replicates
{
    /// <summary>Replicates in a block: four vectors of four doubles.</summary>
    public const int Block = 16;

    private readonly double[] _weights;

    private Replicates(SampleOrder order, int count)
    {
        Count = count;
        _weights = new double[order.Respondents.Length * Block];
        TargetWeight = new double[order.TargetCount * Block];
    }

    /// <summary>How many of the block's places are used; the weights of the others are 0.</summary>
    public int Count { get; }

    /// <summary>Each target's weight in each replicate.</summary>
    public double[] TargetWeight { get; }

    public ReadOnlySpan<double> At(int place) => _weights.AsSpan(place * Block, Block);

    public static Replicates Draw(SampleOrder order, int first, int count, BootstrapSettings settings, ParallelOptions options)
    {
        var block = new Replicates(order, count);
        Parallel.For(0, count, options, number =>
        {
            var weights = new double[order.Respondents.Length];
            ReplicateDraws.Fill(order, settings.Seed, first + number, weights);
            if (settings.Reweigh is { } reweigh)
                Reweigh(order, weights, reweigh);
            for (var place = 0; place < weights.Length; place++)
                block._weights[place * Block + number] = weights[place];
        });
        for (var place = 0; place < order.Respondents.Length; place++)
        {
            foreach (var target in order.TargetsAt(place))
                Lanes.Add(block.TargetWeight.AsSpan(target * Block, Block), block.At(place));
        }

        return block;
    }

    private static void Reweigh(SampleOrder order, double[] weights, Action<double[]> reweigh)
    {
        var asSampled = new double[weights.Length];
        for (var place = 0; place < weights.Length; place++)
            asSampled[order.Respondents[place]] = weights[place];
        reweigh(asSampled);
        for (var place = 0; place < weights.Length; place++)
            weights[place] = asSampled[order.Respondents[place]];
    }
}
