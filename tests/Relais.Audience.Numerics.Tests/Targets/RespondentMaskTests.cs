using CsCheck;
using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Numerics.Tests.Targets;

public sealed class RespondentMaskTests
{
    [Fact]
    public void Sets_of_respondents_follow_the_laws_of_De_Morgan() =>
        Gen.Select(Gen.Bool.Array[0, 200], Gen.Int).Sample((left, seed) =>
        {
            var right = left.Select((_, i) => ((seed >> (i & 31)) & 1) == 1).ToArray();
            var (a, b) = (Of(left), Of(right));
            var (one, other) = (a.And(b).Not(), a.Not().Or(b.Not()));
            return one.Count == other.Count && Enumerable.Range(0, left.Length).All(i => one[i] == other[i] && one[i] == !(left[i] && right[i]));
        });

    [Fact]
    public void Masks_of_different_samples_do_not_mix() =>
        Assert.Throws<ArgumentException>(() => RespondentMask.All(3).And(RespondentMask.All(4)));

    private static RespondentMask Of(bool[] members) => RespondentMask.Where(members.Length, i => members[i]);
}
