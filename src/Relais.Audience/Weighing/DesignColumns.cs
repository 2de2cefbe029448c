using Relais.Audience.Files;
using Relais.Audience.Numerics.Variance;
using Relais.Audience.Verbs;

namespace Relais.Audience.Weighing;

/// <summary>The columns that tell how respondents were drawn: <c>--strata</c>, <c>--cluster</c>, <c>--fpc</c>.</summary>
internal sealed class DesignColumns
{
    private readonly CsvTable _table;
    private readonly (int Column, LevelCodes Levels, Growing<int> Codes)? _strata;
    private readonly (int Column, LevelCodes Levels, Growing<int> Codes)? _clusters;
    private readonly LonelyStrata _lonely;
    private readonly int _fpc = -1;
    private readonly Growing<double> _populations = new();

    public DesignColumns(VerbArguments arguments, CsvTable table)
    {
        _table = table;
        _lonely = Lonely(arguments);
        _strata = Coded(arguments.Optional("strata"));
        _clusters = Coded(arguments.Optional("cluster"));
        if (arguments.Optional("fpc") is { } name)
            _fpc = table.Column(name);
    }

    public bool Given => _strata is not null || _clusters is not null || _fpc >= 0;

    public void Add(CsvRow row)
    {
        if (_strata is { } strata)
            strata.Codes.Add(strata.Levels.Code(row.Required(strata.Column)));
        if (_clusters is { } clusters)
            clusters.Codes.Add(clusters.Levels.Code(row.Required(clusters.Column)));
        if (_fpc < 0)
            return;
        var population = row.Number(_fpc);
        if (population <= 0)
            throw row.Bad(_fpc, "the population size is not above zero", "Give the number of clusters (or respondents) in the stratum's population, or the share that was drawn.");
        _populations.Add(population);
    }

    /// <exception cref="BadFileException">A stratum has one cluster and that is to be refused, or population sizes contradict.</exception>
    public SurveyDesign Of(double[] weights)
    {
        try
        {
            return new SurveyDesign(weights, _strata?.Codes.ToArray(), _clusters?.Codes.ToArray(), _fpc >= 0 ? _populations.ToArray() : null, _lonely);
        }
        catch (LonelyStratumException e)
        {
            var stratum = _strata is { } strata ? strata.Levels.Levels[e.Stratum] : "the only one";
            throw new BadFileException(_table.Path, null, _strata is { } s ? _table.Columns[s.Column] : null, $"stratum {stratum} has one cluster only, so its variance cannot be told",
                "Join it to another stratum, or choose: --lonely certainty, adjust or average.");
        }
        catch (ArgumentException e)
        {
            throw new BadFileException(_table.Path, null, _fpc >= 0 ? _table.Columns[_fpc] : null, e.Message.Split(" (Parameter", 2)[0], "Every respondent of a stratum needs the same population size, of all its clusters, not less than the sample's.");
        }
    }

    private static LonelyStrata Lonely(VerbArguments arguments) => arguments.Optional("lonely") switch
    {
        null or "refuse" => LonelyStrata.Refuse,
        "certainty" => LonelyStrata.Certainty,
        "adjust" => LonelyStrata.Adjust,
        "average" => LonelyStrata.Average,
        var other => throw new UsageException($"--lonely {other} is none of refuse, certainty, adjust, average"),
    };

    private (int, LevelCodes, Growing<int>)? Coded(string? name) => name is null ? null : (_table.Column(name), new LevelCodes(), new Growing<int>());
}
