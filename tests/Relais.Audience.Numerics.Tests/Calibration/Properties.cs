using CsCheck;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Tests.Calibration;

/// <summary>What holds of every calibration, on samples and margins that are drawn so that weights exist.</summary>
public sealed class Properties
{
    private static readonly CalibrationMethod[] Methods =
        [CalibrationMethod.Rake, CalibrationMethod.Raking, CalibrationMethod.Linear, CalibrationMethod.Logit, CalibrationMethod.Truncated];

    /// <summary>A sample, and the ratios that some weights have which meet its margins.</summary>
    private sealed record Drawn(double[] Design, ushort[] First, ushort[] Second, double[] Number, double[] Ratios)
    {
        public Drawn Reordered(int[] order) => new(Pick(Design, order), Pick(First, order), Pick(Second, order), Pick(Number, order), Pick(Ratios, order));

        private static T[] Pick<T>(T[] of, int[] order) => Array.ConvertAll(order, i => of[i]);
    }

    private static readonly Gen<Drawn> Samples =
        from size in Gen.Int[30, 120]
        from design in Gen.Double[1, 50].Array[size]
        from first in Gen.UShort[0, 2].Array[size]
        from second in Gen.UShort[0, 3].Array[size]
        from number in Gen.Double[-5, 20].Array[size]
        from ratios in Gen.Double[0.8, 1.3].Array[size]
        select new Drawn(design, Filled(first, 3), Filled(second, 4), number, ratios);

    [Fact]
    public void Margins_hold_and_bounds_are_respected() => Samples.Sample(drawn =>
    {
        foreach (var method in Methods)
        {
            var problem = Problem(drawn, method != CalibrationMethod.Rake);
            var weights = Met(problem, method);
            AssertMargins(problem, weights);
            if (method is CalibrationMethod.Rake or CalibrationMethod.Raking)
                Assert.All(weights, w => Assert.True(w > 0));
            if (method is CalibrationMethod.Logit or CalibrationMethod.Truncated)
                Assert.All(weights.Zip(drawn.Design, (w, d) => w / d), g => Assert.InRange(g, 0.2 - 1e-12, 2.5 + 1e-12));
        }
    }, iter: 100, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Neither_the_order_of_respondents_nor_that_of_margins_changes_a_weight() =>
        Gen.Select(Samples, Gen.Int[1, 1000]).Sample((drawn, turn) =>
        {
            var order = Enumerable.Range(0, drawn.Design.Length).OrderBy(i => i * 7919L * turn % 104729).ToArray();
            foreach (var method in Methods)
            {
                var whole = Problem(drawn, method != CalibrationMethod.Rake);
                var (weights, turned) = (Met(whole, method), Met(Problem(drawn.Reordered(order), method != CalibrationMethod.Rake), method));
                AssertClose(Array.ConvertAll(order, i => weights[i]), turned);
                var backwards = new CalibrationProblem(drawn.Design, [.. whole.Margins.Reverse()]);
                AssertClose(weights, Met(backwards, method));
            }
        }, iter: 50, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Splitting_a_respondent_into_two_halves_changes_nothing() => Samples.Sample(drawn =>
    {
        int[] order = [.. Enumerable.Range(0, drawn.Design.Length), 0];
        var split = drawn.Reordered(order);
        split.Design[0] /= 2;
        split.Design[^1] /= 2;
        foreach (var method in Methods)
        {
            var weights = Met(Problem(drawn, method != CalibrationMethod.Rake), method);
            var halves = Met(Problem(split, method != CalibrationMethod.Rake), method);
            Assert.Equal(weights[0], halves[0] + halves[^1], 1e-7 * weights[0]);
            AssertClose(weights[1..], halves[1..^1]);
        }
    }, iter: 50, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Scaling_weights_scales_totals_only() => Gen.Select(Samples, Gen.Double[0.01, 100]).Sample((drawn, factor) =>
    {
        var strata = Array.ConvertAll(drawn.First, s => (int)s);
        var estimator = new Estimator(new SurveyDesign(drawn.Design, strata), Residuals.None);
        var scaled = new Estimator(new SurveyDesign(Array.ConvertAll(drawn.Design, w => w * factor), strata), Residuals.None);
        var (total, larger) = (estimator.Total(drawn.Ratios), scaled.Total(drawn.Ratios));
        Assert.Equal(total.Value * factor, larger.Value, 1e-10 * larger.Value);
        Assert.Equal(total.StandardError * factor, larger.StandardError, 1e-10 * larger.StandardError);
        var (mean, same) = (estimator.Mean(drawn.Ratios), scaled.Mean(drawn.Ratios));
        Assert.Equal(mean.Value, same.Value, 1e-12);
        Assert.Equal(mean.StandardError, same.StandardError, 1e-12);
    }, iter: 100, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Raking_on_margins_and_by_the_exponential_distance_give_the_same_weights() => Samples.Sample(
        drawn => AssertClose(Met(Problem(drawn, withNumber: false), CalibrationMethod.Rake), Met(Problem(drawn, withNumber: false), CalibrationMethod.Raking)),
        iter: 50, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void A_household_shares_one_weight_and_the_margins_hold() => Samples.Sample(drawn =>
    {
        // Households of one to three people, whose design weight is that of the first.
        var households = new int[drawn.Design.Length];
        for (var i = 1; i < households.Length; i++)
            households[i] = households[i - 1] + (i % 3 == 0 || i % 7 == 0 ? 1 : 0);
        for (var i = 1; i < households.Length; i++)
        {
            if (households[i] == households[i - 1])
                (drawn.Design[i], drawn.Ratios[i]) = (drawn.Design[i - 1], drawn.Ratios[i - 1]);
        }

        foreach (var method in Methods.Where(m => m != CalibrationMethod.Rake))
        {
            var person = Problem(drawn, withNumber: true);
            var weights = Met(new CalibrationProblem(drawn.Design, person.Margins, households), method);
            AssertMargins(person, weights);
            for (var i = 1; i < weights.Length; i++)
                Assert.True(households[i] != households[i - 1] || weights[i] == weights[i - 1]);
        }
    }, iter: 50, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void The_same_input_gives_the_same_bits()
    {
        // Large enough for two threads.
        var random = new Random(1);
        var drawn = new Drawn(
            [.. Enumerable.Range(0, 30000).Select(_ => 1 + random.NextDouble())], [.. Enumerable.Range(0, 30000).Select(_ => (ushort)random.Next(3))],
            [.. Enumerable.Range(0, 30000).Select(_ => (ushort)random.Next(4))], [.. Enumerable.Range(0, 30000).Select(_ => random.NextDouble())],
            [.. Enumerable.Range(0, 30000).Select(_ => 0.8 + random.NextDouble() / 2)]);
        foreach (var method in Methods)
        {
            var weights = Met(Problem(drawn, method != CalibrationMethod.Rake), method);
            for (var again = 0; again < 3; again++)
                Assert.True(weights.AsSpan().SequenceEqual(Met(Problem(drawn, method != CalibrationMethod.Rake), method)));
        }
    }

    private static double[] Met(CalibrationProblem problem, CalibrationMethod method) => Calibrate.Run(problem, new CalibrationSettings(method)
    {
        Bounds = method is CalibrationMethod.Logit or CalibrationMethod.Truncated ? new Bounds(0.2, 2.5) : null,
    }) switch
    {
        CalibrationOutcome.Met met => met.Weights,
        CalibrationOutcome.Refused refused => throw new InvalidOperationException($"{method}: {string.Join("; ", refused.Reasons)}"),
        var other => throw new InvalidOperationException($"{other}"),
    };

    private static CalibrationProblem Problem(Drawn drawn, bool withNumber)
    {
        var weights = drawn.Design.Zip(drawn.Ratios, (d, r) => d * r).ToArray();
        var (first, second, crossed) = (new double[3], new double[4], new double[12]);
        var codes = drawn.First.Zip(drawn.Second, (a, b) => (ushort)(a % 2 * 4 + b)).ToArray();
        var total = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            first[drawn.First[i]] += weights[i];
            second[drawn.Second[i]] += weights[i];
            crossed[codes[i]] += weights[i];
            total += weights[i] * drawn.Number[i];
        }

        var margins = new List<Margin>
        {
            new CellMargin("first", ["a", "b", "c"], drawn.First, first),
            new CellMargin("second", ["a", "b", "c", "d"], drawn.Second, second),
            new CellMargin("odd*second", [.. Enumerable.Range(0, 12).Select(i => $"{i}")], codes, crossed),
        };
        if (withNumber)
            margins.Add(new TotalMargin("number", drawn.Number, total));
        return new CalibrationProblem(drawn.Design, margins);
    }

    private static ushort[] Filled(ushort[] codes, int levels)
    {
        for (var k = 0; k < levels; k++)
            codes[k] = (ushort)k;
        return codes;
    }

    private static void AssertMargins(CalibrationProblem problem, double[] weights)
    {
        foreach (var line in WeightReport.Of(problem, weights).Totals)
            Assert.True(Math.Abs(line.After - line.Target) <= 1e-8 * Math.Max(Math.Abs(line.Target), 100), $"{line}");
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-7 * Math.Max(Math.Abs(expected[i]), 1));
    }
}
