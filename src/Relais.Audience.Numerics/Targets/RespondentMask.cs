using System.Numerics;

namespace Relais.Audience.Numerics.Targets;

/// <summary>A set of respondents, one bit each, by their place in the sample. Immutable.</summary>
public sealed class RespondentMask
{
    private readonly ulong[] _words;

    private RespondentMask(ulong[] words, int respondents) => (_words, Respondents) = (words, respondents);

    /// <summary>How many respondents the sample has; not how many are in the set, which is <see cref="Count"/>.</summary>
    public int Respondents { get; }

    /// <summary>How many respondents are in the set.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    public bool this[int respondent] => ((_words[respondent >> 6] >> (respondent & 63)) & 1) == 1;

    /// <summary>Everybody.</summary>
    public static RespondentMask All(int respondents) => Where(respondents, static _ => true);

    /// <summary>Those for whom <paramref name="holds"/> answers true; it is asked once for each, in order.</summary>
    public static RespondentMask Where(int respondents, Func<int, bool> holds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(respondents);
        var words = new ulong[(respondents + 63) >> 6];
        for (var i = 0; i < respondents; i++)
            words[i >> 6] |= (holds(i) ? 1UL : 0) << (i & 63);
        return new(words, respondents);
    }

    /// <exception cref="ArgumentException">The masks are of samples of different sizes.</exception>
    public RespondentMask And(RespondentMask other) => Combine(other, static (a, b) => a & b);

    /// <inheritdoc cref="And"/>
    public RespondentMask Or(RespondentMask other) => Combine(other, static (a, b) => a | b);

    /// <summary>Everybody who is not in the set.</summary>
    public RespondentMask Not()
    {
        var words = Array.ConvertAll(_words, static word => ~word);
        if ((Respondents & 63) != 0)
            words[^1] &= (1UL << (Respondents & 63)) - 1;
        return new(words, Respondents);
    }

    private RespondentMask Combine(RespondentMask other, Func<ulong, ulong, ulong> combine)
    {
        if (other.Respondents != Respondents)
            throw new ArgumentException("The two masks are of samples of different sizes.", nameof(other));

        var words = new ulong[_words.Length];
        for (var i = 0; i < words.Length; i++)
            words[i] = combine(_words[i], other._words[i]);
        return new(words, Respondents);
    }
}
