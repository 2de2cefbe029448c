using System.Runtime.InteropServices;
using Relais.Traffic.Measures.Sketches;

namespace Relais.Traffic.Measures.Live;

/// <summary>A collector's picture and how old it is.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ToldPicture(Guid Log, long AgeMs, LivePicture Picture);

/// <summary>All collectors together at a moment.</summary>
/// <param name="Starts">Since the last time.</param>
/// <param name="Views">Since the last time.</param>
/// <param name="LagMs">Of the slowest collector.</param>
/// <param name="CountedUntilMs">All that was received before, at any collector that answers, is in it; 0 for none.</param>
public sealed record LiveTotals(
    int Listeners, int Visitors, long Starts, long Views, long ListenersToday, long VisitorsToday, long LagMs, long CountedUntilMs, int Collectors,
    IReadOnlyList<LiveValue> Values)
{
    /// <summary>Those of a dimension, most first.</summary>
    public IEnumerable<LiveValue> Most(Dimension dimension, int most) => Values.Where(v => v.Dimension == dimension)
        .OrderByDescending(v => v.Listeners).ThenByDescending(v => v.Visitors).ThenBy(v => v.Text, StringComparer.Ordinal).Take(most);
}

/// <summary>
/// Puts the pictures of collectors together, second by second. Who is here is added: each is at one collector. Who came today is merged, and stays when a collector
/// is gone. Starts are what the collectors' counts have grown by. For one thread.
/// </summary>
public sealed class LiveWhole
{
    private readonly Dictionary<Guid, (long Starts, long Views)> _told = [];
    private HyperLogLog _listeners = new();
    private HyperLogLog _visitors = new();
    private long _dayFromMs;

    /// <summary>Adds who came on a day; an earlier day than the last is left out.</summary>
    /// <param name="listeners">Redis's bytes; others are left out.</param>
    public void AddToDay(long dayFromMs, ReadOnlySpan<byte> listeners, ReadOnlySpan<byte> visitors)
    {
        if (dayFromMs < _dayFromMs)
            return;
        if (dayFromMs > _dayFromMs)
            (_dayFromMs, _listeners, _visitors) = (dayFromMs, new HyperLogLog(), new HyperLogLog());
        if (RedisEncoding.Read(listeners) is { } heard)
            _listeners.Merge(heard);
        if (RedisEncoding.Read(visitors) is { } seen)
            _visitors.Merge(seen);
    }

    /// <param name="own">The log of this node: of it all starts count from the first; of others only what comes after they were first seen.</param>
    public LiveTotals Add(IReadOnlyList<ToldPicture> pictures, Guid own)
    {
        var (starts, views) = (0L, 0L);
        foreach (var (log, _, picture) in pictures)
        {
            AddToDay(picture.DayFromMs, picture.DayListeners, picture.DayVisitors);
            var before = _told.TryGetValue(log, out var told) ? told : log == own ? default : (picture.Starts, picture.Views);
            starts += picture.Starts - (picture.Starts < before.Starts ? 0 : before.Starts);
            views += picture.Views - (picture.Views < before.Views ? 0 : before.Views);
            _told[log] = (picture.Starts, picture.Views);
        }

        var values = new Dictionary<(Dimension Dimension, string Text), (int Listeners, int Visitors)>();
        foreach (var value in pictures.SelectMany(p => p.Picture.Values))
        {
            var (listeners, visitors) = values.GetValueOrDefault((value.Dimension, value.Text));
            values[(value.Dimension, value.Text)] = (listeners + value.Listeners, visitors + value.Visitors);
        }

        return new LiveTotals(
            pictures.Sum(p => p.Picture.Listeners), pictures.Sum(p => p.Picture.Visitors), starts, views, _listeners.Count(), _visitors.Count(),
            pictures.Select(p => p.Picture.LagMs + p.AgeMs).DefaultIfEmpty(0).Max(), pictures.Select(p => p.Picture.CountedUntilMs).DefaultIfEmpty(0).Min(), pictures.Count,
            [.. values.Select(v => new LiveValue(v.Key.Dimension, v.Key.Text, v.Value.Listeners, v.Value.Visitors))]);
    }
}
