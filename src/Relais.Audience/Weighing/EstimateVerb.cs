using System.Globalization;
using Relais.Audience.Numerics.Variance;
using Relais.Audience.Verbs;
using Relais.Kernel.Verbs;

namespace Relais.Audience.Weighing;

/// <summary><c>relais estimate</c>: means, totals and ratios with standard errors, from CSV to CSV on the output.</summary>
internal static class EstimateVerb
{
    private const string Usage = """
        usage: relais estimate --sample S.csv --id COLUMN --weights WEIGHTS.csv QUANTITIES [DESIGN] [CALIBRATION]
        quantities
          --mean V,...       a numeric variable; V=LEVEL for the share of a level
          --total V,...      the same, summed over the population
          --ratio A/B,...    one total by another
          --by COLUMN        also for each of its levels
        design
          --strata COLUMN    --cluster COLUMN    --fpc COLUMN    strata, primary units, how many of them the population has
          --lonely HOW       a stratum of one cluster: refuse, certainty, adjust or average
        calibration, as it was given to relais weigh, for standard errors that know the margins
          --weight COLUMN    the design weights (alone, without --weights: estimates with these)
          --margins M.csv    --method METHOD    --household COLUMN
        prints quantity,by,value,se with 17 digits
        exit code: 0 done; 1 a file cannot be used; 2 the call is wrong
        """;

    private static readonly string[] Options =
        ["sample", "id", "weights", "weight", "strata", "cluster", "fpc", "lonely", "margins", "method", "household", "mean", "total", "ratio", "by", "decimal"];

    public static readonly Verb Verb = new("estimate", "means, totals and ratios with standard errors, from files: relais estimate --help", (call, cancel) =>
        FileVerb.RunAsync(call, "estimate", Usage, () => Run(call, cancel)));

    private static int Run(VerbCall call, CancellationToken cancel)
    {
        var arguments = new VerbArguments(call.Arguments, Options);
        var quantities = Quantity.Of(arguments);
        var sample = EstimateSample.Read(arguments, quantities, call.Error, cancel);
        var estimator = new Estimator(sample.Design, sample.Residuals);
        call.Error.WriteLine($"relais estimate: standard errors by linearisation, {sample.HowResiduals}.");
        call.Out.WriteLine("quantity,by,value,se");
        foreach (var quantity in quantities)
        {
            Print(call.Out, quantity.Name, "", quantity.Estimate(estimator, sample.Values, []));
            for (var level = 0; level < sample.ByLevels.Count; level++)
            {
                cancel.ThrowIfCancellationRequested();
                Print(call.Out, quantity.Name, sample.ByLevels[level], quantity.Estimate(estimator, sample.Values, sample.Domain(level)));
            }
        }

        return 0;
    }

    private static void Print(TextWriter to, string quantity, string by, Estimate estimate) =>
        to.WriteLine($"{Quoted(quantity)},{Quoted(by)},{Number(estimate.Value)},{Number(estimate.StandardError)}");

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    // Nobody in the domain, or a sum of zero below: R's word for it.
    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G17", CultureInfo.InvariantCulture) : "NA";
}
