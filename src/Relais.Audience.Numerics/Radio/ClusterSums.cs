namespace Relais.Audience.Numerics.Radio;

/// <summary>The totals of one cluster, of the cells and targets that somebody in it listened to.</summary>
internal sealed class ClusterSums(int cells, int targets)
{
    private readonly BandSums.First[] _cells = new BandSums.First[cells];
    private readonly double[] _volumes = new double[targets];

    // Not told from the sums: a weight may be 0.
    private readonly bool[] _cellMet = new bool[cells];
    private readonly bool[] _targetMet = new bool[targets];

    /// <summary>Cells of listeners, in the order in which they were met.</summary>
    public List<int> Cells { get; } = [];

    /// <summary>Targets of listeners.</summary>
    public List<int> Targets { get; } = [];

    public BandSums.First this[int cell] => _cells[cell];

    public double Volume(int target) => _volumes[target];

    public void Add(int cell, BandSums.First first)
    {
        if (!_cellMet[cell])
            Cells.Add(cell);
        _cellMet[cell] = true;
        _cells[cell].Add(first);
    }

    public void AddVolume(int target, double volume)
    {
        if (!_targetMet[target])
            Targets.Add(target);
        _targetMet[target] = true;
        _volumes[target] += volume;
    }

    public void Clear()
    {
        foreach (var cell in Cells)
            (_cells[cell], _cellMet[cell]) = (default, false);
        foreach (var target in Targets)
            (_volumes[target], _targetMet[target]) = (0, false);
        Cells.Clear();
        Targets.Clear();
    }
}
