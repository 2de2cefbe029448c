using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Audience.Inputs;
using Relais.Audience.Runs;
using Relais.Audience.Studies;
using Relais.Audience.Universes;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Audience.Samples;

/// <summary><c>relais demo audience</c>: a study with two published waves and one under embargo, from generated interviews that say so.</summary>
internal static class SeedAudience
{
    public static readonly Verb Verb = new("demo audience", "add the sample study: published waves, and one under embargo", Run);

    private const int Interviews = 5000;
    private const int EmbargoDays = 21;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private sealed record SampleWave(string Name, DateOnly From, DateOnly Until, bool Embargo);

    private static readonly SampleWave[] Waves =
    [
        new("Avril-juin 2026", new(2026, 4, 1), new(2026, 6, 30), false),
        new("Juillet-août 2026", new(2026, 7, 1), new(2026, 8, 31), false),
        new("Septembre-octobre 2026", new(2026, 9, 1), new(2026, 10, 31), true),
    ];

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        await call.Services.ApplyMigrationsAsync(cancel);
        var people = await call.Services.GetRequiredService<People>().FindByUserNamesAsync(["chercheur1", "chercheur2"], cancel);
        if (people.Count < 2)
        {
            await call.Error.WriteLineAsync("relais: the sample people are missing. Add them with: relais demo people");
            return 1;
        }

        await using var scope = call.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<AudienceDb>().Studies.AnyAsync(s => s.Name == SampleStudy.Name, cancel))
            return 0;
        var cards = await call.Services.GetRequiredService<People>().FindManyAsync([.. people.Values], cancel);
        await new Seed(scope.ServiceProvider, cards[people["chercheur1"]], cards[people["chercheur2"]]).AddAsync(call.Out, cancel);
        return 0;
    }

    private sealed class Seed(IServiceProvider services, PersonCard researcher, PersonCard validator)
    {
        private readonly AudienceDb _db = services.GetRequiredService<AudienceDb>();
        private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();
        private readonly EditWaves _waves = services.GetRequiredService<EditWaves>();

        public async Task AddAsync(TextWriter to, CancellationToken cancel)
        {
            var universe = (UniverseResult.Saved)await services.GetRequiredService<EditUniverses>()
                .AddAsync(FranceUniverse.Name, FranceUniverse.Source, FranceUniverse.Date, FranceUniverse.Margins, Of(researcher), cancel);
            var study = (StudyResult.Saved)await services.GetRequiredService<EditStudies>().SaveAsync(null, SampleStudy.Name, SampleStudy.Settings, Of(researcher), cancel);
            foreach (var (wave, at) in Waves.Select((w, at) => (w, at)))
            {
                await AddAsync(wave, at, study.Id, universe.Id, cancel);
                await to.WriteLineAsync($"{wave.Name}: {Interviews} generated interviews, published{(wave.Embargo ? " under embargo" : "")}");
            }
        }

        private async Task AddAsync(SampleWave sample, int at, Guid study, Guid universe, CancellationToken cancel)
        {
            var wave = (WaveResult.Saved)await _waves.CreateAsync(new WaveFields(study, sample.Name, sample.From, sample.Until, universe), Of(researcher), cancel);
            var (respondents, listening) = SampleDiaries.Make((ulong)(2026 + at), at, Interviews);
            var import = services.GetRequiredService<ImportFile>();
            Done(await import.HandleAsync(wave.Id, InputKind.Respondents, "repondants-generes.csv", () => new MemoryStream(respondents), Of(researcher), cancel) is ImportResult.Kept);
            Done(await import.HandleAsync(wave.Id, InputKind.Listening, "ecoute-generee.csv", () => new MemoryStream(listening), Of(researcher), cancel) is ImportResult.Kept);
            Done(await _waves.CloseFieldworkAsync(wave.Id, Of(researcher), cancel) == StepResult.Done);
            var started = (StartResult.Queued)await services.GetRequiredService<StartRun>().HandleAsync(wave.Id, researcher.Id, Of(researcher), cancel);
            await FinishAsync(started.Run, cancel);
            Done(await _waves.ProposeAsync(wave.Id, started.Run, researcher.Id, Of(researcher), cancel) == StepResult.Done);
            DateTimeOffset? embargo = sample.Embargo ? _clock.GetUtcNow().AddDays(EmbargoDays) : null;
            Done(await _waves.PublishAsync(wave.Id, started.Run, embargo, validator.Id, Of(validator), cancel) == StepResult.Done);
        }

        // The server computes it when it runs; else this does.
        private async Task FinishAsync(Guid id, CancellationToken cancel)
        {
            if (await RunQueue.ClaimAsync(_db, id, _clock, cancel) is { } run)
            {
                var outcome = (RunOutcome.Computed)await RunQueue.ComputeAsync(_db, run, static _ => { }, cancel);
                Done(await SaveRun.DoneAsync(_db, run, run.Attempt, outcome, _clock, cancel));
                return;
            }

            while (await _db.Runs.AsNoTracking().Where(r => r.Id == id).Select(r => r.State).SingleAsync(cancel) is RunState.Queued or RunState.Running)
                await Task.Delay(LookEvery, _clock, cancel);
        }

        private static Actor Of(PersonCard person) => new($"person:{person.Id}", person.UserName, null);

        private static void Done(bool done)
        {
            if (!done)
                throw new InvalidOperationException("A step of the sample study was refused.");
        }
    }
}
