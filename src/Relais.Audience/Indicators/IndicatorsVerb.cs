using Relais.Audience.Numerics.Radio;
using Relais.Audience.Verbs;
using Relais.Kernel.Verbs;

namespace Relais.Audience.Indicators;

/// <summary><c>relais indicators</c>: from respondents and listening in CSV to radio indicators in CSV.</summary>
internal static class IndicatorsVerb
{
    private const string Usage = """
        usage: relais indicators --respondents R.csv --listening L.csv --bands 0500-2400,0600-0900 --out INDICATORS.csv
          --weight COLUMN       people that each respondent stands for; without it everybody counts 1
          --strata COLUMN       the design's strata, for standard errors
          --cluster COLUMN      its primary units within strata, such as households or communes; without it everybody is one
          --margins M.csv       what the weights were calibrated to (as for relais weigh): standard errors of calibrated weights
          --design-weight COLUMN  the weights before that calibration; without it they were equal
          --level 0.95          confidence intervals of that level, in columns of their own
          --universe N          scale the weights so that they sum to N
          --targets T.json      {"women 25-49": "sex = 'F' and age between 25 and 49", ...}; without it everybody, as all
          --groups G.json       {"GROUP_A": ["S1", "S2"], ...}
          --day 0500-2400       the broadcast day, whose first quarter hour is 0
          --id id               the column that both files share
          --min-interviews N    --min-listeners N: withhold rows with fewer, and say so in a column withheld
          --decimal comma       when the files write 1,5
        R.csv: a row a respondent. L.csv: id,station,qh, a row a quarter hour. Both may be .gz.
        A band may have several intervals: 0600-0900+1700-1900.
        exit code: 0 indicators written; 1 a file cannot be used; 2 the call is wrong
        """;

    private static readonly string[] Options =
        [
            "respondents", "listening", "weight", "strata", "cluster", "universe", "bands", "targets", "groups", "out", "day", "id",
            "min-interviews", "min-listeners", "level",
            "margins", "design-weight", "decimal",
        ];

    public static readonly Verb Verb = new("indicators", "radio audience with standard errors, from files to files: relais indicators --help", (call, cancel) =>
        FileVerb.RunAsync(call, "indicators", Usage, () => Run(call, cancel)));

    private static int Run(VerbCall call, CancellationToken cancel)
    {
        var arguments = new VerbArguments(call.Arguments, Options);
        var output = arguments.Required("out");
        IndicatorOptions.Check(arguments);
        var day = IndicatorOptions.Day(arguments);
        var bands = IndicatorOptions.Bands(arguments, day);
        var (rule, level) = (IndicatorOptions.Rule(arguments), IndicatorOptions.Level(arguments));
        var (respondentsPath, listeningPath) = (arguments.Required("respondents"), arguments.Required("listening"));
        var targetTexts = arguments.Optional("targets") is { } path ? TargetsFile.Read(path) : [];
        var groupLists = arguments.Optional("groups") is { } groupsPath ? GroupsFile.Read(groupsPath) : new([], null);

        var respondents = RespondentsFile.Read(respondentsPath, arguments, targetTexts, call.Error, cancel);
        var targets = TargetsFile.Compile(targetTexts, respondents);
        var (listening, stations) = ListeningFile.Read(listeningPath, arguments, day, respondents.Ids, groupLists, call.Error, cancel);
        var groups = groupLists.Numbered(stations);

        var sample = new RadioSample(listening, respondents.Weights, respondents.Strata, respondents.Clusters);
        var request = new IndicatorRequest(targets, bands, groups);
        var table = respondents.Calibration is { } calibration
            ? ComputeIndicators.Calibrated(sample, calibration, request, cancel: cancel)
            : ComputeIndicators.From(sample, request, cancel: cancel);
        call.Error.WriteLine($"relais indicators: {Weights(arguments)}; standard errors by linearisation, {Design(arguments)}.");
        IndicatorsFile.Write(output, table, stations, rule, level);
        return 0;
    }

    private static string Weights(VerbArguments arguments) =>
        arguments.Optional("weight") is { } weight ? $"weights from {weight}" : "no --weight, so everybody counts the same";

    private static string Design(VerbArguments arguments) =>
        (arguments.Optional("strata") is { } strata ? $"strata by {strata}, " : "without strata, ")
        + (arguments.Optional("cluster") is { } cluster ? $"clusters by {cluster}, " : "")
        + (arguments.Optional("margins") is { } margins ? $"calibrated to {margins}" : "weights taken as they are (--margins for those of calibrated weights)");
}
