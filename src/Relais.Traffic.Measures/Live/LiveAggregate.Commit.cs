namespace Relais.Traffic.Measures.Live;

/// <content>What is to be committed, what is shown, and what is read back after a start.</content>
public sealed partial class LiveAggregate
{
    /// <summary>Whether anything was added since <see cref="TakeCells"/>.</summary>
    public bool HasCells => _cells.Count > 0;

    /// <summary>Takes the additions since the last time: they are the caller's to store, once.</summary>
    public IReadOnlyList<(int Minute, DimensionValue Value, LiveCellChange Change)> TakeCells()
    {
        var taken = _cells.All.Select(c => (c.Key.Time, _values[c.Key.Value], c.Value)).ToList();
        _cells.Clear();
        return taken;
    }

    /// <summary>Sketches that changed since the last commit.</summary>
    public IEnumerable<(int Quarter, DimensionValue Value, LiveReachSketch Sketch)> Sketches =>
        _reach.All.Where(r => r.Value.Changed).Select(r => (r.Key.Time, _values[r.Key.Value], r.Value));

    /// <summary>Those of a dimension who are here now, most first.</summary>
    public IReadOnlyList<(string Value, int Listeners, int Visitors)> Now(Dimension dimension, int most)
    {
        var found = new List<(string Value, int Listeners, int Visitors)>();
        for (var value = 0; value < _values.Count; value++)
        {
            if (_values[value].Dimension == dimension && (At(_listening, value), At(_visiting, value)) is var (listeners, visitors) && listeners + visitors > 0)
                found.Add((_values[value].Text, listeners, visitors));
        }

        return [.. found.OrderByDescending(f => f.Listeners).ThenByDescending(f => f.Visitors).ThenBy(f => f.Value, StringComparer.Ordinal).Take(most)];
    }

    /// <summary>Different listeners and visitors of the day so far.</summary>
    public (long Listeners, long Visitors) Today(Dimension dimension = Dimension.All, string text = "") =>
        _day.TryGetValue(dimension is Dimension.All ? _values.All : _values.Of(dimension, text), out var day) ? (day.Listeners.Count(), day.Visitors.Count()) : (0, 0);

    /// <summary>Begins a day, if it is another: only what happens within it is of today.</summary>
    public void BeginDay(long fromMs, long untilMs)
    {
        if (fromMs == _dayFrom)
            return;
        (_dayFrom, _dayUntil) = (fromMs, untilMs);
        _day.Clear();
    }

    /// <summary>Adds what was stored of a quarter of today before this process began.</summary>
    public void AddToDay(DimensionValue value, LiveReachSketch stored)
    {
        var number = value.Dimension is Dimension.All ? _values.All : _values.Of(value.Dimension, value.Text);
        if (!_day.TryGetValue(number, out var day))
            _day[number] = day = new LiveReachSketch();
        day.Visitors.Merge(stored.Visitors);
        day.Listeners.Merge(stored.Listeners);
    }

    /// <summary>The sketches are stored as they are.</summary>
    /// <param name="nowMs">Those of quarters that are over are let go; they are merged with what is stored when somebody late comes.</param>
    public void Committed(long nowMs)
    {
        foreach (var (key, sketch) in _reach.All)
        {
            sketch.Changed = false;
            if (((key.Time + 1L) * QuarterMs) + WatermarkMs < nowMs)
                _reach.Remove(key.Time, key.Value);
        }
    }
}
