namespace Relais.Audience.Indicators;

/// <summary>S2 before S10: runs of digits are compared as numbers, all else letter by letter, the same on every machine.</summary>
internal static class NaturalOrder
{
    public static readonly IComparer<string> Comparer = Comparer<string>.Create(Compare);

    private static int Compare(string left, string right)
    {
        var (l, r) = (0, 0);
        while (l < left.Length && r < right.Length)
        {
            if (!char.IsAsciiDigit(left[l]) || !char.IsAsciiDigit(right[r]))
            {
                if (left[l] != right[r])
                    return left[l].CompareTo(right[r]);
                l++;
                r++;
                continue;
            }

            var one = Digits(left, ref l);
            var other = Digits(right, ref r);
            var order = one.Length != other.Length ? one.Length.CompareTo(other.Length) : one.SequenceCompareTo(other);
            if (order != 0)
                return order;
        }

        var rest = (left.Length - l).CompareTo(right.Length - r);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text.AsSpan(start, at - start).TrimStart('0');
    }
}
