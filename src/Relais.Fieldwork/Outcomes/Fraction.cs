using System.Globalization;
using System.Numerics;

namespace Relais.Fieldwork.Outcomes;

/// <summary>An exact quotient in lowest terms; its denominator is above zero.</summary>
internal readonly record struct Fraction
{
    private Fraction(BigInteger numerator, BigInteger denominator) => (Numerator, Denominator) = (numerator, denominator);

    public BigInteger Numerator { get; }

    public BigInteger Denominator { get; }

    /// <summary>Null when the denominator is zero: not defined, which is neither zero nor an error.</summary>
    public static Fraction? Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            return null;
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return new Fraction(numerator / common, denominator / common);
    }

    /// <summary>The nearest double, for counts of any size that occurs.</summary>
    public double Value
    {
        get
        {
            // Both are cut to what a double can hold, by the same power of two.
            var beyond = (int)Math.Max(0, BigInteger.Max(BigInteger.Abs(Numerator), Denominator).GetBitLength() - 1000);
            return (double)(Numerator >> beyond) / (double)(Denominator >> beyond);
        }
    }

    public override string ToString() => Denominator.IsOne
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
