using System.Globalization;
using System.Text;
using Relais.Access.Contracts;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Simulation;

/// <summary>How large a wave of the sample study is, and by which rules it calls.</summary>
/// <param name="Target">Completed interviews wanted in all.</param>
internal sealed record SampleSize(int Cases, int Target, CallRules Rules)
{
    public static SampleSize Standard { get; } = new(5000, 1000, AnyHour());

    // Whoever tries it, at night or on a Sunday, finds somebody to call.
    private static CallRules AnyHour() => new()
    {
        Hours = [new CallHours(Enum.GetValues<DayOfWeek>(), TimeOnly.MinValue, TimeOnly.MaxValue)], Holidays = "", Slots = [], MostTries = 20, MostCallsIn30Days = 0,
        AppointmentsFrom = TimeOnly.MinValue, AppointmentsUntil = TimeOnly.MaxValue,
    };
}

/// <summary>A radio study with the sample questionnaire, quotas on sex by age and on region, and cases whose numbers nobody has.</summary>
internal sealed class RadioStudy(EditStudies studies, EditQuotas quotas, EditTeams teams, ImportSample import, TimeProvider clock)
{
    public const string Name = "Radio, étude d’essai";

    private static readonly Actor By = Actor.System;

    // ARCEP keeps these numbers for films and tests.
    private static readonly string[] Prefixes = ["019900", "026191", "035301", "046571", "053649"];

    private const int NumbersOfPrefix = 10_000;

    // Of 1,001 people of 13 and over in metropolitan France on 1 January 2026 (INSEE).
    private static readonly (string Sex, string Age, int Share)[] Ages =
    [
        ("F", "13-24", 81), ("F", "25-34", 68), ("F", "35-49", 111), ("F", "50-64", 113), ("F", "65+", 146),
        ("M", "13-24", 85), ("M", "25-34", 68), ("M", "35-49", 107), ("M", "50-64", 109), ("M", "65+", 113),
    ];

    // Of 1,001 people in metropolitan France (INSEE, municipal populations).
    private static readonly (string Code, int Share)[] Regions =
    [
        ("11", 189), ("24", 39), ("27", 42), ("28", 51), ("32", 91), ("44", 84), ("52", 59), ("53", 52), ("75", 93), ("76", 93), ("84", 124), ("93", 79), ("94", 5),
    ];

    public async Task<(Guid Study, int Wave)> AddAsync(SampleSize size, IEnumerable<PersonId> interviewers, CancellationToken cancel)
    {
        var study = Must<EditResult.Saved>(await studies.AddAsync(Name, By, cancel)).Id;
        var questionnaire = await ImportQuestionnaire.HandleAsync(study, "radio.xlsx", Workbook(), studies, By, cancel);
        if (questionnaire?.Questionnaire is null)
            throw new InvalidOperationException($"The sample questionnaire is refused: {(questionnaire?.Findings is [var first, ..] ? first.English : "no study")}");
        var wave = await AddWaveAsync(study, 1, size, cancel);
        var team = Must<EditResult.Saved>(await teams.SaveAsync(null, "Plateau d’essai", [study], By, cancel)).Id;
        foreach (var person in interviewers)
            Must<EditResult.Saved>(await teams.SetInterviewerAsync(person, team, ["fr", "en"], [], active: true, By, cancel));
        return (study, wave);
    }

    /// <summary>A running wave with a sample of its own.</summary>
    /// <param name="number">From 1.</param>
    public async Task<int> AddWaveAsync(Guid study, int number, SampleSize size, CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var name = number == 1 ? "Vague d’essai" : string.Create(CultureInfo.InvariantCulture, $"Vague d’essai {number}");
        var wave = Must<EditResult.SavedWave>(await studies.AddWaveAsync(study, new WaveFields(name, today.AddDays(-1), today.AddDays(60), size.Target, Rules: size.Rules), By, cancel)).Id;
        Must<EditResult.Saved>(await quotas.AddAsync(wave, "Sexe × âge", hard: true, [.. Shared(Ages.Select(a => a.Share), size.Target).Select((target, i) => Cell(target, ("sex", Ages[i].Sex), ("age_group", Ages[i].Age)))], By, cancel));
        Must<EditResult.Saved>(await quotas.AddAsync(wave, "Région", hard: true, [.. Shared(Regions.Select(r => r.Share), size.Target).Select((target, i) => Cell(target, ("region", Regions[i].Code)))], By, cancel));
        var sample = Encoding.UTF8.GetBytes(Sample(size.Cases, (number - 1) * Math.Max(size.Cases, SampleSize.Standard.Cases)));
        if (await import.HandleAsync(wave, "essai.csv", () => new MemoryStream(sample), new SampleSettings(), By, cancel) is not SampleResult.Kept)
            throw new InvalidOperationException("The sample's cases are refused.");
        Must<EditResult.SavedWave>(await studies.SetStateAsync(wave, WaveState.Running, By, cancel));
        return wave;
    }

    /// <summary>Parts of a whole in these proportions, none of them less than one.</summary>
    internal static IReadOnlyList<int> Shared(IEnumerable<int> shares, int whole)
    {
        var all = shares.ToList();
        return [.. all.Select(s => Math.Max(1, (int)Math.Round((double)s * whole / all.Sum(), MidpointRounding.AwayFromZero)))];
    }

    private static CellFields Cell(int target, params (string Name, string Value)[] values) => new(values.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal), target);

    private static string Sample(int cases, int from)
    {
        // Each region as often as people live there.
        var regions = Regions.SelectMany(r => Enumerable.Repeat(r.Code, r.Share)).ToList();
        var text = new StringBuilder("id,phone,region\n");
        for (var i = 0; i < cases; i++)
        {
            var number = (from + i) % (Prefixes.Length * NumbersOfPrefix);
            text.Append(CultureInfo.InvariantCulture, $"E{i:00000},{Prefixes[number % Prefixes.Length]}{number / Prefixes.Length:0000},{regions[i * 7 % regions.Count]}\n");
        }

        return text.ToString();
    }

    private static byte[] Workbook()
    {
        using var stream = typeof(RadioStudy).Assembly.GetManifestResourceStream("Relais.Fieldwork.radio.xlsx") ?? throw new InvalidOperationException("The sample questionnaire is missing.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static T Must<T>(EditResult result)
        where T : EditResult =>
        result as T ?? throw new InvalidOperationException($"The sample study: {result}");
}
