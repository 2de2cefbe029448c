using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// Bootstrap weights of a stratified sample (Rao and Wu, JASA 83, 1988): from a stratum of n, n - 1 respondents are drawn with replacement, and each
/// weight becomes w x n / (n - 1) x times drawn. The variance of a total over replicates is then that of Taylor linearisation.
/// </summary>
/// <remarks>Each replicate has a generator of its own, seeded by seed and number: any of them can be made again alone, on any machine.</remarks>
internal static class ReplicateDraws
{
    /// <summary>Writes replicate <paramref name="replicate"/>'s weights, in the order of <paramref name="order"/>.</summary>
    public static void Fill(SampleOrder order, ulong seed, int replicate, Span<double> weights)
    {
        var generator = new Xoshiro(seed, (ulong)replicate);
        Span<int> drawn = new int[order.Respondents.Length];
        for (var stratum = 0; stratum < order.StratumStart.Length - 1; stratum++)
        {
            var (start, end) = (order.StratumStart[stratum], order.StratumStart[stratum + 1]);
            for (var draw = start + 1; draw < end; draw++)
                drawn[start + generator.Below(end - start)]++;
            double size = end - start;
            for (var place = start; place < end; place++)
                weights[place] = order.Sample.Weights[order.Respondents[place]] * (size / (size - 1) * drawn[place]);
        }
    }

    /// <summary>xoshiro256** (Blackman and Vigna 2018), started by SplitMix64.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Xoshiro
    {
        private ulong _a;
        private ulong _b;
        private ulong _c;
        private ulong _d;

        public Xoshiro(ulong seed, ulong stream)
        {
            var state = seed + stream * 0xD1342543DE82EF95;
            (_a, _b, _c, _d) = (Split(ref state), Split(ref state), Split(ref state), Split(ref state));
        }

        // Lemire (2019): the product's upper half, refused where it would favour small numbers.
        public int Below(int limit)
        {
            while (true)
            {
                var product = Math.BigMul(Next(), (ulong)limit, out var low);
                if (low >= (ulong)limit || low >= unchecked(0 - (ulong)limit) % (ulong)limit)
                    return (int)product;
            }
        }

        private static ulong Split(ref ulong state)
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }

        private ulong Next()
        {
            var result = ulong.RotateLeft(_b * 5, 7) * 9;
            var shifted = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = ulong.RotateLeft(_d, 45);
            return result;
        }
    }
}
