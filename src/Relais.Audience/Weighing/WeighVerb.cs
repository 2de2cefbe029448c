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

    private const int BadInput = 1;
    private const int UsageError = 2;

    private const string Usage = """
        usage: relais weigh --sample S.csv --id COLUMN --weight COLUMN --margins M.csv --method METHOD --out WEIGHTS.csv
          METHOD             poststratify, rake, raking, linear, logit or truncated
          --bounds L,U       of the ratio of new weight to design weight (logit and truncated need them)
          --household COLUMN one weight for everybody of a household (raking, linear, logit, truncated)
          --strata COLUMN    --cluster COLUMN    --fpc COLUMN    the design, for the report
          --tolerance 1e-10  largest relative miss of a total
          --passes 1000      how many before giving up
          --report R.json    what was done, or why it cannot be
          --decimal comma    when the files write 1,5
        M.csv: variable,level,total; level empty for a numeric variable, a*b with x*y for crossed ones
        exit code: 0 weights written; 1 a file cannot be used; 2 the call is wrong; 3 no weights meet the margins
        """;

    private static readonly string[] Options =
        ["sample", "id", "weight", "strata", "cluster", "fpc", "household", "margins", "method", "bounds", "tolerance", "passes", "out", "report", "decimal"];

    public static readonly Verb Verb = new("weigh", "weigh a sample to margins: files in, files out (relais weigh --help)", RunAsync);

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is ["--help"] or ["help"])
        {
            await call.Out.WriteLineAsync(Usage);
            return 0;
        }

        try
        {
            return Run(call, cancel);
        }
        catch (UsageException e)
        {
            await call.Error.WriteLineAsync($"relais weigh: {e.Message}\n{Usage}");
            return UsageError;
        }
        catch (BadFileException e)
        {
            await call.Error.WriteLineAsync($"relais weigh: {e.Message}");
            return BadInput;
        }
    }

    private static int Run(VerbCall call, CancellationToken cancel)
    {
        var arguments = new VerbArguments(call.Arguments, Options);
        var (output, report) = (arguments.Required("out"), arguments.Optional("report"));
        var settings = WeighSettings.Of(arguments);
        var sample = WeighSample.Read(arguments, call.Error, cancel);
        if (Calibrate.WhyNot(sample.Problem, settings) is { } why)
            throw new UsageException(why);

        var outcome = Calibrate.Run(sample.Problem, settings, cancel);
        switch (outcome)
        {
            case CalibrationOutcome.Met met:
                Write(output, sample, met.Weights);
                break;
            case CalibrationOutcome.Refused refused:
                call.Error.WriteLine($"relais weigh: no weights meet these margins; {output} was not written.");
                foreach (var reason in refused.Reasons)
                    call.Error.WriteLine(reason);
                return Infeasible;
        }

        _ = report;
        return 0;
    }

    private static void Write(string path, WeighSample sample, double[] weights)
    {
        using var file = WholeFile.Create(path);
        file.Write("id,weight\n");
        for (var i = 0; i < weights.Length; i++)
            file.WriteValue(sample.Ids[i]).Write(",").Write(weights[i]).Write("\n");
        file.Keep();
    }
}
