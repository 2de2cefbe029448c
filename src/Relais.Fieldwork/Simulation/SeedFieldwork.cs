using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Simulation;

/// <summary>
/// <c>relais demo fieldwork</c>: a radio study under way, with the sample questionnaire, quotas, cases whose numbers nobody has, and the sample interviewers.
/// It may be called at any hour, so that whoever tries it finds a case.
/// </summary>
internal static class SeedFieldwork
{
    public static readonly Verb Verb = new("demo fieldwork", "add the sample telephone study: questionnaire, quotas, cases, interviewers", RunAsync);

    private const string Name = "Radio, étude d’essai";
    private const int Cases = 5000;

    private static readonly string[] Interviewers = ["enqueteur1", "enqueteur2", "enqueteur3", "enqueteur4", "enqueteur5"];

    // ARCEP keeps these numbers for films and tests.
    private static readonly string[] Prefixes = ["019900", "026191", "035301", "046571", "053649"];

    private static readonly string[] Regions = ["11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"];

    // Of 1,000 people of 13 and over in metropolitan France on 1 January 2026 (INSEE).
    private static readonly (string Sex, string Age, int Target)[] Cells =
    [
        ("F", "13-24", 81), ("F", "25-34", 68), ("F", "35-49", 111), ("F", "50-64", 113), ("F", "65+", 146),
        ("M", "13-24", 85), ("M", "25-34", 68), ("M", "35-49", 107), ("M", "50-64", 109), ("M", "65+", 113),
    ];

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        await call.Services.ApplyMigrationsAsync(cancel);
        var people = await call.Services.GetRequiredService<People>().FindByUserNamesAsync(Interviewers, cancel);
        if (people.Count < Interviewers.Length)
        {
            await call.Error.WriteLineAsync("relais: the sample people are missing. Add them with: relais demo people");
            return 1;
        }

        await using var scope = call.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<FieldworkDb>().Studies.AnyAsync(s => s.Name == Name, cancel))
            return 0;
        await AddAsync(scope.ServiceProvider, people.Values, cancel);
        await call.Out.WriteLineAsync($"Telephone study:  {Name}: sign in as enqueteur1 and open the console");
        return 0;
    }

    private static async Task AddAsync(IServiceProvider services, IEnumerable<PersonId> interviewers, CancellationToken cancel)
    {
        var (studies, actor) = (services.GetRequiredService<EditStudies>(), Actor.System);
        var today = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var study = Must<EditResult.Saved>(await studies.AddAsync(Name, actor, cancel)).Id;
        var questionnaire = await ImportQuestionnaire.HandleAsync(study, "radio.xlsx", Workbook(), studies, actor, cancel);
        if (questionnaire?.Questionnaire is null)
            throw new InvalidOperationException($"The sample questionnaire is refused: {(questionnaire?.Findings is [var first, ..] ? first.English : "no study")}");
        var wave = Must<EditResult.SavedWave>(await studies.AddWaveAsync(study, new WaveFields("Vague d’essai", today.AddDays(-1), today.AddDays(60), Cells.Sum(c => c.Target), Rules: AnyHour()), actor, cancel)).Id;
        Must<EditResult.Saved>(await services.GetRequiredService<EditQuotas>().AddAsync(
            wave, "Sexe × âge", hard: true, [.. Cells.Select(c => new CellFields(new Dictionary<string, string>(StringComparer.Ordinal) { ["sex"] = c.Sex, ["age_group"] = c.Age }, c.Target))], actor, cancel));
        var sample = Encoding.UTF8.GetBytes(Sample());
        if (await services.GetRequiredService<ImportSample>().HandleAsync(wave, "essai.csv", () => new MemoryStream(sample), new SampleSettings(), actor, cancel) is not SampleResult.Kept)
            throw new InvalidOperationException("The sample's cases are refused.");
        Must<EditResult.SavedWave>(await studies.SetStateAsync(wave, WaveState.Running, actor, cancel));
        var teams = services.GetRequiredService<EditTeams>();
        var team = Must<EditResult.Saved>(await teams.SaveAsync(null, "Plateau d’essai", [study], actor, cancel)).Id;
        foreach (var person in interviewers)
            Must<EditResult.Saved>(await teams.SetInterviewerAsync(person, team, ["fr", "en"], [], active: true, actor, cancel));
    }

    private static CallRules AnyHour() => new()
    {
        Hours = [new CallHours(Enum.GetValues<DayOfWeek>(), TimeOnly.MinValue, TimeOnly.MaxValue)], Holidays = "", Slots = [], MostTries = 20, MostCallsIn30Days = 0,
        AppointmentsFrom = TimeOnly.MinValue, AppointmentsUntil = TimeOnly.MaxValue,
    };

    private static string Sample()
    {
        var text = new StringBuilder("id,phone,region\n");
        for (var i = 0; i < Cases; i++)
            text.Append(CultureInfo.InvariantCulture, $"E{i:00000},{Prefixes[i % Prefixes.Length]}{i / Prefixes.Length:0000},{Regions[i * 7 % Regions.Length]}\n");
        return text.ToString();
    }

    private static byte[] Workbook()
    {
        using var stream = typeof(SeedFieldwork).Assembly.GetManifestResourceStream("Relais.Fieldwork.radio.xlsx") ?? throw new InvalidOperationException("The sample questionnaire is missing.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static T Must<T>(EditResult result)
        where T : EditResult =>
        result as T ?? throw new InvalidOperationException($"The sample study: {result}");
}
