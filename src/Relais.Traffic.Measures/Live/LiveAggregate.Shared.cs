using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Relais.Traffic.Measures.Sketches;

namespace Relais.Traffic.Measures.Live;

/// <content>What collectors tell each other: which ids they have counted, and who has come to them.</content>
public sealed partial class LiveAggregate
{
    private readonly bool _shared;
    private readonly RecentIds _elsewhere = new();
    private readonly List<ulong> _freshIds = [];
    private readonly List<ulong> _arrivals = [];
    private readonly List<ulong> _twins = [];

    /// <param name="shared">Whether ids and arrivals are kept for other collectors, until <see cref="TakeShared"/>.</param>
    public LiveAggregate(bool shared = false) => _shared = shared;

    /// <summary>What is told of an id: two of the same key are the same beacon.</summary>
    public static ulong KeyOf(UInt128 id) => RecentIds.KeyOf(id);

    /// <summary>Another collector has counted these: they count nowhere again.</summary>
    /// <param name="nowMs">About when; they are remembered for as long as ids of one's own.</param>
    public void CountedElsewhere(ReadOnlySpan<ulong> ids, long nowMs)
    {
        foreach (var id in ids)
            _elsewhere.Add(id, nowMs);
    }

    /// <summary>These have come to another collector: they are not here any more, unless they gave a sign here since.</summary>
    /// <param name="atMs">When they came there; <see cref="long.MaxValue"/> for "after all that was read here".</param>
    public void WentElsewhere(ReadOnlySpan<ulong> keys, long atMs)
    {
        foreach (var key in keys)
        {
            ref var player = ref CollectionsMarshal.GetValueRefOrNullRef(_players, key);
            if (!Unsafe.IsNullRef(ref player) && player.Listens && player.LastMs <= atMs)
            {
                Move(_listening, player.Here, -1);
                player.Listens = false;
            }

            if (_visitors.TryGetValue(key, out var visitor) && visitor.LastMs <= atMs)
            {
                Move(_visiting, visitor.Here, -1);
                _visitors.Remove(key);
            }
        }
    }

    /// <summary>Whether one of these was counted here since <see cref="TakeShared"/>.</summary>
    public bool HasFresh(ReadOnlySpan<ulong> ids)
    {
        if (_freshIds.Count == 0 || ids.IsEmpty)
            return false;
        var fresh = new HashSet<ulong>(_freshIds);
        foreach (var id in ids)
        {
            if (fresh.Contains(id))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Takes the ids counted and those who came here since the last time: they are the caller's to tell, with what they were counted into. And the ids that were not counted,
    /// because another collector had: whoever reads the same records later leaves them out too.
    /// </summary>
    public (ulong[] Ids, ulong[] Arrivals, ulong[] Twins) TakeShared()
    {
        var taken = (_freshIds.ToArray(), _arrivals.ToArray(), _twins.ToArray());
        _freshIds.Clear();
        _arrivals.Clear();
        _twins.Clear();
        return taken;
    }

    /// <summary>How it looks now.</summary>
    /// <param name="countedUntilMs">All that was received before is counted.</param>
    /// <param name="lagMs">From the receipt of the last record to now.</param>
    public LivePicture Picture(long countedUntilMs, long lagMs)
    {
        _day.TryGetValue(_values.All, out var day);
        return new LivePicture
        {
            CountedUntilMs = countedUntilMs,
            LagMs = lagMs,
            Listeners = Listeners,
            Visitors = Visitors,
            Starts = Starts,
            Views = Views,
            DayFromMs = _dayFrom,
            DayListeners = day is null ? [] : RedisEncoding.Write(day.Listeners),
            DayVisitors = day is null ? [] : RedisEncoding.Write(day.Visitors),
            Values = Enum.GetValues<Dimension>().Where(d => d is not Dimension.All)
                .SelectMany(d => Now(d, int.MaxValue).Select(n => new LiveValue(d, n.Value, n.Listeners, n.Visitors))).ToList(),
        };
    }

    private void Arrived(ulong key)
    {
        if (_shared)
            _arrivals.Add(key);
    }
}
