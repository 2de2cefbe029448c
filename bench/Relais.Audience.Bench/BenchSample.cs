using System.Globalization;
using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Bench;

/// <summary>A season's worth of interviews: 126,000 respondents and six categorical margins, 32 columns of a model with an intercept.</summary>
internal sealed class BenchSample
{
    public const int Respondents = 126_000;

    private static readonly int[] Sizes = [2, 6, 4, 8, 9, 8];
    private readonly double[] _weights = new double[Respondents];
    private readonly ushort[][] _codes = [.. Sizes.Select(_ => new ushort[Respondents])];
    private readonly double[][] _totals = [.. Sizes.Select(s => new double[s])];

    public BenchSample()
    {
        // Weights that meet the totals exist: the totals are those of the design weights, moved by what a population differs in.
        var random = new Random(126);
        for (var i = 0; i < Respondents; i++)
        {
            _weights[i] = 200 + random.NextDouble() * 500;
            for (var m = 0; m < Sizes.Length; m++)
                _codes[m][i] = (ushort)(Math.Pow(random.NextDouble(), 1.3) * Sizes[m]);
            var moved = _weights[i] * (0.7 + 0.6 * random.NextDouble()) * (1 + 0.1 * _codes[0][i] - 0.05 * _codes[1][i] + 0.03 * _codes[4][i]);
            for (var m = 0; m < Sizes.Length; m++)
                _totals[m][_codes[m][i]] += moved;
        }
    }

    public CalibrationProblem Problem() => new(_weights, [.. Sizes.Select((size, m) =>
        new CellMargin($"m{m + 1}", [.. Enumerable.Range(0, size).Select(k => $"L{k}")], _codes[m], _totals[m]))]);

    public void Write(string folder)
    {
        using (var sample = new StreamWriter(Path.Combine(folder, "s.csv")))
        {
            sample.WriteLine($"id,weight,{string.Join(',', Sizes.Select((_, m) => $"m{m + 1}"))}");
            for (var i = 0; i < Respondents; i++)
                sample.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1},{_weights[i]:R},{string.Join(',', _codes.Select(c => $"L{c[i]}"))}"));
        }

        using var margins = new StreamWriter(Path.Combine(folder, "m.csv"));
        margins.WriteLine("variable,level,total");
        for (var m = 0; m < Sizes.Length; m++)
        {
            for (var k = 0; k < Sizes[m]; k++)
                margins.WriteLine(string.Create(CultureInfo.InvariantCulture, $"m{m + 1},L{k},{_totals[m][k]:R}"));
        }
    }
}
