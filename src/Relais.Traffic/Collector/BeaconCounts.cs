using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Relais.Traffic.Collector;

/// <summary>What became of a beacon.</summary>
internal enum BeaconOutcome
{
    Accepted,
    Robot,
    OptedOut,
    Malformed,
    FromFuture,
    TooLarge,
    NoKey,
    WrongKey,
    WrongHost,
    TooMany,
    Busy,
    Unreadable,
}

/// <summary>Beacons by outcome since this node started: of each site for its page, of all as metrics.</summary>
internal sealed class BeaconCounts
{
    private static readonly int Kinds = Enum.GetValues<BeaconOutcome>().Length;
    private static readonly string[] Names = [.. Enum.GetNames<BeaconOutcome>().Select(Word)];

    private readonly ConcurrentDictionary<int, long[]> _bySite = new();
    private readonly long[] _all = new long[Kinds];

    public BeaconCounts(IMeterFactory meters)
    {
        // Read when somebody asks: a beacon costs one addition.
        var meter = meters.Create("Relais.Traffic");
        meter.CreateObservableCounter("relais.traffic.beacons", () => Names.Select((name, i) =>
            new Measurement<long>(Volatile.Read(ref _all[i]), new KeyValuePair<string, object?>("outcome", name))), "{beacon}", "Beacons by what became of them");
        Meter = meter;
    }

    public Meter Meter { get; }

    public void Add(BeaconOutcome outcome, int site = 0, int count = 1)
    {
        if (count == 0)
            return;
        Interlocked.Add(ref _all[(int)outcome], count);
        if (site != 0)
            Interlocked.Add(ref _bySite.GetOrAdd(site, static _ => new long[Kinds])[(int)outcome], count);
    }

    public long Of(BeaconOutcome outcome, int? site = null) => site is { } one
        ? _bySite.TryGetValue(one, out var counts) ? Volatile.Read(ref counts[(int)outcome]) : 0
        : Volatile.Read(ref _all[(int)outcome]);

    private static string Word(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
