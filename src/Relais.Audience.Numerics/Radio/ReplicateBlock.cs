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

    private readonly SampleOrder _order;
    private readonly double[] _weights;

    public ReplicateBlock(SampleOrder order)
    {
        _order = order;
        _weights = new double[order.Respondents.Length * Block];
        TargetWeight = new double[order.TargetCount * Block];
    }

    /// <summary>How many of the block's places are used.</summary>
    public int Count { get; private set; }

    /// <summary>Each target's weight in each replicate.</summary>
    public double[] TargetWeight { get; }

    public ReadOnlySpan<double> At(int place) => _weights.AsSpan(place * Block, Block);

    /// <summary>Fills the block with <paramref name="count"/> replicates from <paramref name="first"/> on.</summary>
    public void Draw(Replicates replicates, double[] weights, int first, int count, Action<double[]>? reweigh, ParallelOptions options)
    {
        Count = count;
        Parallel.For(0, count, options, number =>
        {
            var drawn = replicates.Weights(first + number, weights);
            reweigh?.Invoke(drawn);
            for (var place = 0; place < drawn.Length; place++)
                _weights[place * Block + number] = drawn[_order.Respondents[place]];
        });
        Array.Clear(TargetWeight);
        for (var place = 0; place < _order.Respondents.Length; place++)
        {
            foreach (var target in _order.TargetsAt(place))
                Lanes.Add(TargetWeight.AsSpan(target * Block, Block), At(place));
        }
    }
}
