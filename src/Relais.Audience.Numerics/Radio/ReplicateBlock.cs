using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// A block of replicates side by side: a respondent's weights in all of them lie next to each other, so that one pass over the listening serves
/// the whole block with vector instructions.
/// </summary>
internal sealed class ReplicateBlock
{
    /// <summary>Replicates in a block: four vectors of four doubles.</summary>
    public const int Block = 16;

    private readonly double[] _weights;

    private ReplicateBlock(SampleOrder order, int count)
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

    public static ReplicateBlock Draw(
        SampleOrder order, Replicates replicates, double[] weights, int first, int count, Action<double[]>? reweigh, ParallelOptions options)
    {
        var block = new ReplicateBlock(order, count);
        Parallel.For(0, count, options, number =>
        {
            var drawn = replicates.Weights(first + number, weights);
            reweigh?.Invoke(drawn);
            for (var place = 0; place < drawn.Length; place++)
                block._weights[place * Block + number] = drawn[order.Respondents[place]];
        });
        for (var place = 0; place < order.Respondents.Length; place++)
        {
            foreach (var target in order.TargetsAt(place))
                Lanes.Add(block.TargetWeight.AsSpan(target * Block, Block), block.At(place));
        }

        return block;
    }
}
