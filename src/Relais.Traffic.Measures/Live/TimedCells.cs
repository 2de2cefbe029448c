using System.Runtime.InteropServices;

namespace Relais.Traffic.Measures.Live;

/// <summary>Cells by a time and the number of a value. Those of the last times that were asked for lie in arrays: nearly all records are of the same minute.</summary>
internal sealed class TimedCells<T>
    where T : class, new()
{
    // A power of two: consecutive times do not put each other out.
    private const int Near = 4;

    private readonly Dictionary<(int Time, int Value), T> _all = [];
    private readonly T?[][] _near = [[], [], [], []];
    private readonly int[] _times = [int.MinValue, int.MinValue, int.MinValue, int.MinValue];

    public int Count => _all.Count;

    /// <summary>All there are. One that is read may be removed meanwhile.</summary>
    public IEnumerable<KeyValuePair<(int Time, int Value), T>> All => _all;

    public T At(int time, int value) => At(time, value, out _);

    /// <param name="made">Whether it was not there.</param>
    public T At(int time, int value, out bool made)
    {
        made = false;
        var place = time & (Near - 1);
        if (_times[place] != time)
        {
            Array.Clear(_near[place]);
            _times[place] = time;
        }

        ref var near = ref _near[place];
        if (value >= near.Length)
            Array.Resize(ref near, Math.Max(64, value * 2));
        return near[value] ??= Find(time, value, out made);
    }

    public void Remove(int time, int value)
    {
        _all.Remove((time, value));
        if (_times[time & (Near - 1)] == time && value < _near[time & (Near - 1)].Length)
            _near[time & (Near - 1)][value] = null;
    }

    public void Clear()
    {
        _all.Clear();
        Array.ForEach(_near, static near => Array.Clear(near));
    }

    private T Find(int time, int value, out bool made)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_all, (time, value), out var there);
        made = !there;
        return cell ??= new T();
    }
}
