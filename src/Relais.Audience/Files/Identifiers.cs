using System.Numerics;
using System.Text;

namespace Relais.Audience.Files;

/// <summary>
/// Respondents' ids in the file's order, each once: their bytes in one piece and a hash table of positions, about 20 bytes an id of 8
/// characters instead of the 80 of a dictionary of strings.
/// </summary>
/// <param name="expected">How many there will be about, so that it need not grow; 0 when that is not known.</param>
internal sealed class Identifiers(int expected = 0)
{
    private byte[] _bytes = new byte[Math.Max(expected * 8L, 1 << 12)];
    private int[] _ends = new int[Math.Max(expected, 256)];
    private int[] _table = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(expected / 3 * 4, 1 << 10))];

    public int Count { get; private set; }

    /// <summary>The UTF-8 bytes of one of them.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(Start(index), _ends[index] - Start(index));

    /// <summary>Adds an id; gives its position, or the complement of the position of the same id from before.</summary>
    public int Add(ReadOnlySpan<char> id)
    {
        var start = Count == 0 ? 0 : _ends[Count - 1];
        var room = checked(start + id.Length * 3);
        if (room > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(room, (int)Math.Min(Array.MaxLength, _bytes.Length * 2L)));
        var end = start + Encoding.UTF8.GetBytes(id, _bytes.AsSpan(start));
        var added = _bytes.AsSpan(start, end - start);
        var slot = Slot(added);
        if (_table[slot] != 0)
            return ~(_table[slot] - 1);

        if (Count == _ends.Length)
            Array.Resize(ref _ends, Count * 2);
        _ends[Count] = end;
        _table[slot] = Count + 1;
        Count++;
        if (Count * 4L > _table.Length * 3L)
            Grow();
        return Count - 1;
    }

    /// <summary>The position of an id, or -1.</summary>
    public int Find(ReadOnlySpan<char> id)
    {
        Span<byte> bytes = id.Length <= 256 ? stackalloc byte[id.Length * 3] : new byte[id.Length * 3];
        var length = Encoding.UTF8.GetBytes(id, bytes);
        return _table[Slot(bytes[..length])] - 1;
    }

    private int Start(int index) => index == 0 ? 0 : _ends[index - 1];

    private int Slot(ReadOnlySpan<byte> id)
    {
        var slot = (int)(Hash(id) & (uint)(_table.Length - 1));
        while (_table[slot] != 0 && !this[_table[slot] - 1].SequenceEqual(id))
            slot = (slot + 1) & (_table.Length - 1);
        return slot;
    }

    private void Grow()
    {
        _table = new int[_table.Length * 2];
        for (var i = 0; i < Count; i++)
            _table[Slot(this[i])] = i + 1;
    }

    // FNV-1a with a last mixing: positions must not depend on the process.
    private static uint Hash(ReadOnlySpan<byte> id)
    {
        var hash = 2166136261u;
        foreach (var b in id)
            hash = (hash ^ b) * 16777619u;
        hash ^= hash >> 15;
        hash *= 0x85EBCA6Bu;
        return hash ^ (hash >> 13);
    }
}
