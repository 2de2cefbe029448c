using System.Text;
using Relais.Traffic.Measures.Sketches;

namespace Relais.Traffic.Measures.Live;

/// <summary>Small numbers for the values of dimensions. Whoever invents channels without end meets <see cref="Others"/>.</summary>
internal sealed class DimensionValues
{
    /// <summary>Stands for all values beyond the first <see cref="Most"/> of a dimension.</summary>
    public const string Others = "*";

    public const int Most = 2000;

    private readonly Dictionary<ulong, int> _byHash = [];
    private readonly List<DimensionValue> _values = [];
    private readonly int[] _counts = new int[Enum.GetValues<Dimension>().Length];

    public DimensionValues() => All = Of(Dimension.All, ReadOnlySpan<byte>.Empty);

    public int All { get; }

    public int Count => _values.Count;

    public DimensionValue this[int number] => _values[number];

    public int Of(Dimension dimension, string text) => Of(dimension, Encoding.UTF8.GetBytes(text));

    public int Of(Dimension dimension, ReadOnlySpan<byte> text)
    {
        // 64 bits: two of some thousand texts with the same hash are not to be expected.
        var hash = MurmurHash64A.Hash(text) ^ ((ulong)dimension * 0x9E3779B97F4A7C15UL);
        if (_byHash.TryGetValue(hash, out var known))
            return known;
        if (_counts[(int)dimension] >= Most && !text.SequenceEqual("*"u8))
            return Of(dimension, "*"u8);
        _counts[(int)dimension]++;
        _values.Add(new DimensionValue(dimension, Encoding.UTF8.GetString(text)));
        return _byHash[hash] = _values.Count - 1;
    }
}
