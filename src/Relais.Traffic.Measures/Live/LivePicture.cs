using System.Runtime.InteropServices;

namespace Relais.Traffic.Measures.Live;

/// <summary>What one collector shows of a moment; those of several are put together by <see cref="LiveWhole"/>.</summary>
public sealed record LivePicture
{
    /// <summary>All that was received before is counted: milliseconds since 1970, UTC.</summary>
    public long CountedUntilMs { get; init; }

    /// <summary>From the receipt of the last record to this moment, in milliseconds.</summary>
    public long LagMs { get; init; }

    public int Listeners { get; init; }

    public int Visitors { get; init; }

    /// <summary>Starts since the collector began; fewer than before say that it began again.</summary>
    public long Starts { get; init; }

    /// <summary>Page views since the collector began.</summary>
    public long Views { get; init; }

    /// <summary>The day's beginning: milliseconds since 1970, UTC.</summary>
    public long DayFromMs { get; init; }

    /// <summary>Listeners of the day, in Redis's bytes; empty for none.</summary>
    public byte[] DayListeners { get; init; } = [];

    /// <summary>Visitors of the day, in Redis's bytes; empty for none.</summary>
    public byte[] DayVisitors { get; init; } = [];

    /// <summary>Those who are here, by each value of each dimension.</summary>
    public IReadOnlyList<LiveValue> Values { get; init; } = [];
}

/// <summary>Who is here now, of a value.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LiveValue(Dimension Dimension, string Text, int Listeners, int Visitors);
