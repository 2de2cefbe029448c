using System.Numerics;
using System.Runtime.InteropServices;

namespace Relais.Fieldwork.Outcomes;

/// <summary>How many cases ended as what, in AAPOR's groups. All are zero or more.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OutcomeCounts(long I, long P, long R, long NC, long O, long UH, long UO, long NE)
{
    public static OutcomeCounts Of(IEnumerable<(OutcomeGroup Group, long Number)> counted)
    {
        var sums = new long[Enum.GetValues<OutcomeGroup>().Length];
        foreach (var (group, number) in counted)
            sums[(int)group] += number;
        return new OutcomeCounts(
            sums[(int)OutcomeGroup.I], sums[(int)OutcomeGroup.P], sums[(int)OutcomeGroup.R], sums[(int)OutcomeGroup.NC], sums[(int)OutcomeGroup.O],
            sums[(int)OutcomeGroup.UH], sums[(int)OutcomeGroup.UO], sums[(int)OutcomeGroup.NE]);
    }
}

/// <summary>One rate; without a value when its denominator is zero.</summary>
internal readonly record struct OutcomeRate(string Name, Fraction? Value);

/// <summary>
/// The outcome rates of AAPOR, Standard Definitions (10th edition, 2023), as exact fractions. K: known to be eligible; U: not known; e: the share of
/// U that is taken for eligible, from the cases whose eligibility is known.
/// </summary>
internal static class OutcomeRates
{
    public static IReadOnlyList<OutcomeRate> Of(OutcomeCounts counts)
    {
        BigInteger i = counts.I, p = counts.P, r = counts.R, o = counts.O, ne = counts.NE, u = (BigInteger)counts.UH + counts.UO;
        var k = i + p + r + counts.NC + o;
        var contacts = i + p + r + o;
        return
        [
            new("e", Fraction.Of(k, k + ne)),
            new("RR1", Fraction.Of(i, k + u)),
            new("RR2", Fraction.Of(i + p, k + u)),
            new("RR3", Estimated(i)),
            new("RR4", Estimated(i + p)),
            new("RR5", Fraction.Of(i, k)),
            new("RR6", Fraction.Of(i + p, k)),
            new("COOP1", Fraction.Of(i, contacts)),
            new("COOP2", Fraction.Of(i + p, contacts)),
            new("COOP3", Fraction.Of(i, i + p + r)),
            new("COOP4", Fraction.Of(i + p, i + p + r)),
            new("REF1", Fraction.Of(r, k + u)),
            new("REF2", Estimated(r)),
            new("REF3", Fraction.Of(r, k)),
            new("CON1", Fraction.Of(contacts, k + u)),
            new("CON2", Estimated(contacts)),
            new("CON3", Fraction.Of(contacts, k)),
        ];

        // n / (K + eU) with e = K / (K + NE), without dividing in between. e that is not defined leaves nothing to divide by: K is zero then.
        Fraction? Estimated(BigInteger n) => (k + ne).IsZero ? null : Fraction.Of(n * (k + ne), k * (k + ne) + k * u);
    }
}
