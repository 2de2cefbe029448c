using Relais.Audience.Files;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Verbs;
using Relais.Kernel.Verbs;

namespace Relais.Audience.Weighing;

/// <summary><c>relais weigh</c>: from a sample and margins in CSV to weights in CSV.</summary>
internal static class WeighVerb
{
    /// <summary>No weights meet the margins: the diagnosis says why.</summary>
    public const int Infeasible = 3;

    private const int MostReasons = 30;

    private const string Usage = """
        usage: relais weigh --sample S.csv --id COLUMN --weight COLUMN --margins M.csv --method METHOD --out WEIGHTS.csv
          METHOD             poststratify, rake, raking, linear, logit or truncated
          --bounds L,U       of the ratio of new weight to design weight (logit and truncated need them)
          --household COLUMN one weight for everybody of a household (raking, linear, logit, truncated)
          --strata COLUMN    --cluster COLUMN    --fpc COLUMN    the design: standard errors of the totals before, in the report
          --lonely HOW       a stratum of one cluster: refuse, certainty, adjust or average
          --tolerance 1e-10  largest miss of a total, relative
          --passes 1000      how many before giving up
          --report R.json    what was done, or why it cannot be
          --decimal comma    when the files write 1,5
        M.csv: variable,level,total; level empty for a numeric variable, a*b with x*y for crossed ones
        exit code: 0 weights written; 1 a file cannot be used; 2 the call is wrong; 3 no weights meet the margins
        """;

    private static readonly string[] Options =
        ["sample", "id", "weight", "strata", "cluster", "fpc", "lonely", "household", "margins", "method", "bounds", "tolerance", "passes", "out", "report", "decimal"];

    public static readonly Verb Verb = new("weigh", "weigh a sample to margins, from files to files: relais weigh --help", (call, cancel) =>
        FileVerb.RunAsync(call, "weigh", Usage, () => Run(call, cancel)));

    private static int Run(VerbCall call, CancellationToken cancel)
    {
        var arguments = new VerbArguments(call.Arguments, Options);
        var (output, report, settings) = (arguments.Required("out"), arguments.Optional("report"), WeighSettings.Of(arguments));
        arguments.KeepApart(["out", "report"], ["sample", "margins"]);
        var sample = WeighSample.Read(arguments, call.Error, cancel);
        if (Calibrate.WhyNot(sample.Problem, settings) is { } why)
            throw new UsageException(why);

        // What reading left behind is room for the work: the heap need not grow for both.
        GC.Collect();
        // Made before the work, so that a folder that cannot be written to is known at once.
        using var told = report is null ? null : WholeFile.Create(report);
        using var weights = WholeFile.Create(output);
        var progress = new Progress(call.Error, TimeProvider.System, "relais weigh");
        var outcome = Calibrate.Run(sample.Problem, settings with { Watch = (what, miss) => progress.Say(FormattableString.Invariant($"{what}, the worst total is off by {miss:G2}")) }, cancel);
        progress.Done();
        if (told is not null)
            ReportFile.Write(told, arguments, sample, settings, outcome);
        return outcome switch
        {
            CalibrationOutcome.Met met => Write(weights, sample, met, call.Error),
            CalibrationOutcome.Refused refused => Refuse(output, sample, refused, call.Error),
            _ => throw new InvalidOperationException(outcome.GetType().Name),
        };
    }

    private static int Write(WholeFile file, WeighSample sample, CalibrationOutcome.Met met, TextWriter error)
    {
        file.Write("id,weight\n"u8);
        for (var i = 0; i < met.Weights.Length; i++)
            file.WriteValue(sample.Ids[i]).Write(","u8).Write(met.Weights[i]).Write("\n"u8);
        file.Keep();
        if (met.Fit.NegativeWeights > 0)
            error.WriteLine(FormattableString.Invariant($"relais weigh: {met.Fit.NegativeWeights} of {met.Weights.Length} weights are negative. The methods raking, logit and truncated give none."));
        return 0;
    }

    private static int Refuse(string output, WeighSample sample, CalibrationOutcome.Refused refused, TextWriter error)
    {
        error.WriteLine($"relais weigh: no weights meet these margins; {output} is not written{(File.Exists(output) ? " (what is there is from before)" : "")}.");
        foreach (var line in refused.Reasons.Take(MostReasons).SelectMany(r => Diagnosis.Of(r, sample.NameOf)))
            error.WriteLine(line);
        if (refused.Reasons.Count > MostReasons)
            error.WriteLine(FormattableString.Invariant($"... and {refused.Reasons.Count - MostReasons} more; --report lists all."));
        return Infeasible;
    }
}
