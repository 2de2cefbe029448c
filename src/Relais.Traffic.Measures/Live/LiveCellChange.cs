using Relais.Traffic.Measures.Sketches;

namespace Relais.Traffic.Measures.Live;

/// <summary>What was added to a minute of one value since the last commit; peaks are the highest seen.</summary>
public sealed class LiveCellChange
{
    public long Views { get; internal set; }

    public long Hits { get; internal set; }

    public long Starts { get; internal set; }

    /// <summary>Slots of ten seconds.</summary>
    public long Slots { get; internal set; }

    public int PeakListeners { get; internal set; }

    public int PeakVisitors { get; internal set; }
}

/// <summary>Who came in a quarter of an hour or a day, of one value.</summary>
public sealed class LiveReachSketch
{
    /// <summary>Visitors of pages.</summary>
    public HyperLogLog Visitors { get; } = new();

    /// <summary>Listeners of players.</summary>
    public HyperLogLog Listeners { get; } = new();

    internal const long OfNoDay = -1;

    /// <summary>Whether something was added since the last commit.</summary>
    public bool Changed { get; internal set; }

    /// <summary>Of a quarter: when the day began into which all was added that is here, or <see cref="OfNoDay"/>.</summary>
    internal long Day { get; set; } = OfNoDay;

    /// <summary>Whether what was stored before this process is in it: a store merges it once.</summary>
    public bool Merged { get; set; }
}
