namespace Relais.Audience.Files;

/// <summary>A column of values that is read row by row.</summary>
/// <param name="expected">How many there will be about, so that it need not grow; 0 when that is not known.</param>
internal sealed class Growing<T>(int expected = 0)
    where T : unmanaged
{
    private T[] _values = new T[Math.Max(expected, 1024)];

    public int Count { get; private set; }

    public T this[int index] => _values[index];

    public void Add(T value)
    {
        if (Count == _values.Length)
            Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Count * 2L));
        _values[Count++] = value;
    }

    /// <summary>Its values; it must not be added to afterwards.</summary>
    public T[] ToArray()
    {
        if (_values.Length != Count)
            Array.Resize(ref _values, Count);
        return _values;
    }
}
