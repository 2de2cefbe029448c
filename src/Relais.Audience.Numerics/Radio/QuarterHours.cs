using System.Numerics;
using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>A set of quarter hours of one broadcast day, one bit each; bit 0 is the first quarter hour of the day.</summary>
/// <param name="Low">Quarter hours 0 to 63.</param>
/// <param name="High">Quarter hours 64 to 127, of which a day uses at most 32.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct QuarterHours(ulong Low, ulong High)
{
    /// <summary>How many quarter hours the set holds.</summary>
    public int Count => BitOperations.PopCount(Low) + BitOperations.PopCount(High);

    public bool IsEmpty => (Low | High) == 0;

    /// <summary>Whether quarter hour <paramref name="index"/>, from 0 to 127, is in the set.</summary>
    public bool this[int index] => ((index < 64 ? Low >> index : High >> (index - 64)) & 1) == 1;

    /// <summary>One quarter hour, from 0 to 127.</summary>
    public static QuarterHours At(int index) => index < 64 ? new(1UL << index, 0) : new(0, 1UL << (index - 64));

    /// <summary>The quarter hours from <paramref name="first"/> up to, and without, <paramref name="end"/>; from 0 to 128.</summary>
    public static QuarterHours Between(int first, int end) => Below(end) & ~Below(first);

    public static QuarterHours operator &(QuarterHours left, QuarterHours right) => new(left.Low & right.Low, left.High & right.High);

    public static QuarterHours operator |(QuarterHours left, QuarterHours right) => new(left.Low | right.Low, left.High | right.High);

    public static QuarterHours operator ~(QuarterHours set) => new(~set.Low, ~set.High);

    public static QuarterHours BitwiseAnd(QuarterHours left, QuarterHours right) => left & right;

    public static QuarterHours BitwiseOr(QuarterHours left, QuarterHours right) => left | right;

    public static QuarterHours OnesComplement(QuarterHours set) => ~set;

    private static QuarterHours Below(int end) => end switch
    {
        <= 0 => default,
        < 64 => new((1UL << end) - 1, 0),
        < 128 => new(ulong.MaxValue, (1UL << (end - 64)) - 1),
        _ => new(ulong.MaxValue, ulong.MaxValue),
    };
}
