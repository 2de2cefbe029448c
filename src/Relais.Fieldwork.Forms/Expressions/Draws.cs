using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Expressions;

/// <summary>
/// The random numbers of one evaluation. They depend on the seed and on the node's path only, not on what was evaluated before, so that an
/// interview replayed in another order draws the same.
/// </summary>
internal sealed class Draws(long seed, FormNode? node)
{
    private ulong _state;
    private bool _begun;

    /// <summary>64 random bits (SplitMix64, Steele and others 2014).</summary>
    public ulong Next()
    {
        if (!_begun)
        {
            _state = Hash(unchecked((ulong)seed), node?.Path() ?? "");
            _begun = true;
        }

        return Mix(_state = unchecked(_state + 0x9E3779B97F4A7C15));
    }

    /// <summary>From 0 up to, and without, 1: a multiple of 2^-53.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number that a seed and a text give, the same everywhere and always.</summary>
    public static ulong Hash(ulong seed, string text)
    {
        // FNV-1a over the characters, then mixed.
        var hash = unchecked(0xCBF29CE484222325 ^ Mix(seed + 0x9E3779B97F4A7C15));
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 0x100000001B3);
        return Mix(hash);
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
