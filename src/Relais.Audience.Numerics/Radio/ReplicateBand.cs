using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>One band over all blocks of replicates: the totals of a block, and what is kept of them.</summary>
internal sealed class ReplicateBand
{
    private const int Block = ReplicateBlock.Block;
    private const int Figures = 6;

    private readonly SampleOrder _order;
    private readonly QuarterHours _band;
    private readonly int _rows;
    private readonly int _firstStation;
    private readonly Deviations[] _kept;

    /// <param name="firstStation">Stations begin at this row; their volume is their quarter hours, so it is not summed twice.</param>
    public ReplicateBand(SampleOrder order, QuarterHours band, int rows, int firstStation)
    {
        (_order, _band, _rows, _firstStation) = (order, band, rows, firstStation);
        _kept = new Deviations[rows * order.TargetCount * Figures];
    }

    /// <summary>Adds a block; <paramref name="sums"/> is scratch space of the thread.</summary>
    public void Add(ReplicateBlock block, BandAudience audience, BlockSums sums, IndicatorTable points, int band)
    {
        sums.Clear();
        Span<double> values = stackalloc double[3 * Block];
        Span<double> volumes = stackalloc double[Block];
        for (var place = 0; place < _order.Respondents.Length; place++)
        {
            var rows = audience.Of(_order.Respondents[place], _band, out var volume);
            if (volume == 0)
                continue;

            var members = _order.TargetsAt(place);
            var weights = block.At(place);
            Lanes.Multiply(volumes, weights, volume);
            foreach (var target in members)
                Lanes.Add(sums.Volume(target), volumes);
            weights.CopyTo(values);
            foreach (var row in rows)
            {
                Lanes.Multiply(values.Slice(Block, Block), weights, row.QuarterHours);
                var summed = values[..(2 * Block)];
                if (row.Row < _firstStation)
                {
                    summed = values;
                    Lanes.Multiply(values.Slice(2 * Block, Block), weights, row.Volume);
                }

                var start = row.Row * _order.TargetCount;
                foreach (var target in members)
                    Lanes.Add(sums.Cell(start + target)[..summed.Length], summed);
            }
        }

        Keep(block, sums, points, band);
    }

    public BootstrapErrors Errors(int row, int target)
    {
        var kept = _kept.AsSpan((row * _order.TargetCount + target) * Figures, Figures);
        return new(kept[0].StandardDeviation, kept[1].StandardDeviation, kept[2].StandardDeviation, kept[3].StandardDeviation,
            kept[4].StandardDeviation, kept[5].StandardDeviation);
    }

    private void Keep(ReplicateBlock block, BlockSums sums, IndicatorTable points, int band)
    {
        var quarterHours = _band.Count;
        for (var row = 0; row < _rows; row++)
        {
            var volume = row < _firstStation ? 2 * Block : Block;
            for (var target = 0; target < _order.TargetCount; target++)
            {
                var cell = row * _order.TargetCount + target;
                var point = points[target, band, row];
                var kept = _kept.AsSpan(cell * Figures, Figures);
                if (point.Listeners == 0)
                    continue;

                var values = sums.Cell(cell);
                var people = block.TargetWeight.AsSpan(target * Block, Block);
                var volumes = sums.Volume(target);
                for (var lane = 0; lane < block.Count; lane++)
                {
                    var (a, q, v) = (values[lane], values[Block + lane], values[volume + lane]);
                    kept[0].Add(a - point.Ac);
                    kept[1].Add(100 * a / people[lane] - point.AcPct);
                    kept[2].Add(q / quarterHours - point.Qhm);
                    kept[3].Add(100 * q / (quarterHours * people[lane]) - point.QhmPct);
                    kept[4].Add(BroadcastDay.Minutes * q / a - point.DeaMinutes);
                    kept[5].Add(100 * v / volumes[lane] - point.PdaPct);
                }
            }
        }
    }

    /// <summary>Deviations of replicates from the point, summed: less rounding than with the figures themselves.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Deviations
    {
        private double _sum;
        private double _squares;
        private int _count;

        public readonly double StandardDeviation => _count == 0 ? 0 : Math.Sqrt(Math.Max(0, (_squares - _sum * _sum / _count) / (_count - 1)));

        public void Add(double deviation)
        {
            if (!double.IsFinite(deviation))
                return;
            _sum += deviation;
            _squares += deviation * deviation;
            _count++;
        }
    }
}

/// <summary>The totals of one band in one block of replicates.</summary>
internal sealed class BlockSums(int cells, int targets)
{
    private const int Block = ReplicateBlock.Block;
    private readonly double[] _cells = new double[cells * 3 * Block];
    private readonly double[] _volumes = new double[targets * Block];

    /// <summary>A cell's audience, quarter hours and volume, each for all replicates of the block.</summary>
    public Span<double> Cell(int cell) => _cells.AsSpan(cell * 3 * Block, 3 * Block);

    public Span<double> Volume(int target) => _volumes.AsSpan(target * Block, Block);

    public void Clear()
    {
        Array.Clear(_cells);
        Array.Clear(_volumes);
    }
}
