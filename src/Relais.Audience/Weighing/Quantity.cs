using Relais.Audience.Numerics.Variance;
using Relais.Audience.Verbs;

namespace Relais.Audience.Weighing;

/// <summary>What is asked for: a mean or total of a variable, or the ratio of two.</summary>
/// <param name="Name">As printed: <c>mean:age</c>.</param>
/// <param name="First">A column, or <c>column=level</c>.</param>
/// <param name="Second">What it is divided by, of a ratio.</param>
internal sealed record Quantity(string Name, string Kind, string First, string? Second)
{
    public static IReadOnlyList<Quantity> Of(VerbArguments arguments)
    {
        var quantities = new List<Quantity>();
        foreach (var kind in new[] { "mean", "total", "ratio" })
        {
            foreach (var variable in arguments.List(kind))
            {
                var parts = kind == "ratio" ? variable.Split('/', StringSplitOptions.TrimEntries) : [variable];
                if (kind == "ratio" && (parts.Length != 2 || parts.Contains("")))
                    throw new UsageException($"--ratio {variable} is not of the form a/b");
                quantities.Add(new Quantity($"{kind}:{variable}", kind, parts[0], parts.ElementAtOrDefault(1)));
            }
        }

        return quantities.Count > 0 ? quantities : throw new UsageException("nothing is asked for: give --mean, --total or --ratio");
    }

    public Estimate Estimate(Estimator estimator, IReadOnlyDictionary<string, double[]> values, ReadOnlySpan<bool> domain) => Kind switch
    {
        "mean" => estimator.Mean(values[First], domain),
        "total" => estimator.Total(values[First], domain),
        _ => estimator.Ratio(values[First], values[Second ?? First], domain),
    };
}
