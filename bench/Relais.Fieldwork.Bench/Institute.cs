using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Bench;

/// <summary>A study with so many cases in 156 strata, and interviewers who ask for cases and record how calls ended.</summary>
internal sealed class Institute(IServiceProvider services, int cases, int people)
{
    private static readonly string[] Outcomes = ["no-answer", "no-answer", "no-answer", "busy", "machine", "machine", "refused", "not-available", "complete", "disconnected"];
    private static readonly DayOfWeek[] Days = Enum.GetValues<DayOfWeek>();

    private static readonly CallRules Rules = new()
    {
        Hours = [new CallHours(Days, TimeOnly.MinValue, TimeOnly.MaxValue)], Holidays = "",
        Slots = [new CallSlot("matin", Days, TimeOnly.MinValue, new TimeOnly(13, 0), 3), new CallSlot("après-midi", Days, new TimeOnly(13, 0), new TimeOnly(18, 0), 3), new CallSlot("soir", Days, new TimeOnly(18, 0), TimeOnly.MaxValue, 3)],
        AfterBusyMinutes = 1,
    };

    private readonly FieldworkOptions _options = services.GetRequiredService<IOptions<FieldworkOptions>>().Value;
    private readonly List<Guid> _people = [.. Enumerable.Range(0, people).Select(_ => Guid.NewGuid())];

    public async Task<string> ImportAsync()
    {
        var study = ((EditResult.Saved)await DoAsync<EditStudies, EditResult>(e => e.AddAsync("Étude", Actor.System, CancellationToken.None))).Id;
        var day = new DateOnly(2026, 1, 1);
        var wave = ((EditResult.SavedWave)await DoAsync<EditStudies, EditResult>(e => e.AddWaveAsync(
            study, new WaveFields("Vague", day, day.AddYears(5), Rules: Rules), Actor.System, CancellationToken.None))).Id;
        await DoAsync<EditStudies, EditResult>(e => e.SetStateAsync(wave, WaveState.Running, Actor.System, CancellationToken.None));
        await DoAsync<EditQuotas, EditResult>(e => e.AddAsync(wave, "sexe x âge x région", true, [.. Enumerable.Range(0, 156).Select(Cell)], Actor.System, CancellationToken.None));
        await DoAsync<FieldworkDb, int>(db =>
        {
            var team = new Team { Id = Guid.NewGuid(), Name = "Équipe", Studies = [study] };
            db.Teams.Add(team);
            db.Interviewers.AddRange(_people.Select(p => new Interviewer { PersonId = p, TeamId = team.Id, Languages = ["fr"] }));
            return db.SaveChangesAsync();
        });
        var path = Path.GetTempFileName();
        try
        {
            await WriteAsync(path);
            var begun = Stopwatch.GetTimestamp();
            var result = await DoAsync<ImportSample, SampleResult>(import => import.HandleAsync(wave, "cases.csv", () => File.OpenRead(path), new SampleSettings(Replicates: 20), Actor.System, CancellationToken.None));
            var took = Stopwatch.GetElapsedTime(begun);
            if (result is not SampleResult.Kept kept)
                throw new InvalidOperationException("The sample was refused.");
            var release = Stopwatch.GetTimestamp();
            await DoAsync<EditStudies, EditResult>(e => e.ReleaseReplicatesAsync(wave, 20, Actor.System, CancellationToken.None));
            var released = Stopwatch.GetElapsedTime(release);
            await DoAsync<FieldworkDb, int>(db => db.Database.ExecuteSqlRawAsync("ANALYZE fieldwork.cases, fieldwork.pool, fieldwork.stratum, fieldwork.case_number"));
            return string.Create(CultureInfo.InvariantCulture,
                $"import of {kept.Cases} cases ({new FileInfo(path).Length >> 20} MiB of CSV, two numbers a case) {took.TotalSeconds:0.0} s; releasing 19 replicates of 20 {released.TotalSeconds:0.0} s; after it 10 s of warm-up");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Closed: each asks, calls for about five seconds, records how it ended, and asks again. Who waits for an answer asks nothing meanwhile.</summary>
    public async Task<string> AskAsync(string who, TimeSpan length)
    {
        var (taken, nothing) = (new ConcurrentBag<double>(), 0);
        using var over = new CancellationTokenSource(length);
        await Task.WhenAll(_people.Select(async (person, index) =>
        {
            var random = new Random(index);
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 5), TimeProvider.System, over.Token);
                while (!over.IsCancellationRequested)
                {
                    var held = await TakeAsync(person, taken);
                    await Task.Delay(TimeSpan.FromSeconds(2.5 + random.NextDouble() * 5), TimeProvider.System, over.Token);
                    if (held is null)
                        Interlocked.Increment(ref nothing);
                    else
                        await CloseAsync(held, person, random);
                }
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // Time is over.
            }
        }));
        return Line(who, [.. taken], taken.Count - nothing);
    }

    /// <summary>Open: asks come at a pace of their own, whether those before are answered or not, by whoever is free.</summary>
    /// <param name="perSecond">Asks a second of all together, at random intervals (Poisson).</param>
    public async Task<string> ArriveAsync(string who, double perSecond, TimeSpan length)
    {
        var (taken, given, random) = (new ConcurrentBag<double>(), 0, new Random(4711));
        var free = Channel.CreateUnbounded<Guid>();
        foreach (var person in _people)
            free.Writer.TryWrite(person);
        var (asking, begun, due) = (new List<Task>(), Stopwatch.GetTimestamp(), TimeSpan.Zero);
        while ((due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / perSecond)) < length)
        {
            if (due - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } early)
                await Task.Delay(early, TimeProvider.System);
            asking.Add(OneAsync(random.Next()));
        }

        await Task.WhenAll(asking);
        return Line(who, [.. taken], given);

        async Task OneAsync(int seed)
        {
            var (asked, chance) = (Stopwatch.GetTimestamp(), new Random(seed));
            var person = await free.Reader.ReadAsync();
            if (await TakeAsync(person, taken, asked) is { } held)
            {
                Interlocked.Increment(ref given);
                await Task.Delay(TimeSpan.FromSeconds(1.25 + (chance.NextDouble() * 2.5)), TimeProvider.System);
                await CloseAsync(held, person, chance);
            }

            free.Writer.TryWrite(person);
        }
    }

    /// <summary>What the server does every five seconds, until it is told to stop.</summary>
    public async Task CareAsync(CancellationToken stop)
    {
        var care = new CareForCases(services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<IOptions<FieldworkOptions>>(), TimeProvider.System, NullLogger<CareForCases>.Instance);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), TimeProvider.System);
        while (!stop.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
            await care.LookAsync(CancellationToken.None);
    }

    private async Task<TakeCase.Held?> TakeAsync(Guid person, ConcurrentBag<double> taken, long? asked = null)
    {
        var begun = asked ?? Stopwatch.GetTimestamp();
        var answer = await DoAsync<FieldworkDb, TakeCase.Response>(db => TakeCase.HandleAsync(Guid.NewGuid(), person, db, _options, TimeProvider.System, CancellationToken.None));
        taken.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        return answer.Case;
    }

    private Task CloseAsync(TakeCase.Held held, Guid person, Random random)
    {
        var request = new CloseCase.Request(Guid.NewGuid(), held.Fence, Outcomes[random.Next(Outcomes.Length)]);
        return DoAsync<FieldworkDb, CloseCase.Response>(db => CloseCase.HandleAsync(held.Case, request, person, db, TimeProvider.System, CancellationToken.None));
    }

    public static string Line(string who, List<double> asked, int given)
    {
        asked.Sort();
        double At(double share) => asked.Count == 0 ? double.NaN : asked[Math.Min(asked.Count - 1, (int)(asked.Count * share))];
        return string.Create(CultureInfo.InvariantCulture, $"| {who} | {asked.Count} | {given} | {At(0.5):0.00} | {At(0.99):0.00} | {At(1):0.0} |");
    }

    private async Task WriteAsync(string path)
    {
        await using var file = new StreamWriter(path, append: false, Encoding.UTF8, 1 << 16);
        await file.WriteLineAsync("id;phone;phone2;region;sexe;age;commune");
        for (var i = 0; i < cases; i++)
        {
            var cell = Cell((int)(CaseWriter.Scramble((ulong)i) % 156)).Values;
            await file.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"r{i};01{i:00000000};06{i:00000000};{cell["region"]};{cell["sexe"]};{cell["age"]};commune {i % 35000}"));
        }
    }

    private static CellFields Cell(int at) => new(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["sexe"] = at % 2 == 0 ? "F" : "H", ["age"] = $"a{at / 2 % 6}", ["region"] = $"r{at / 12}" }, 100_000);

    private async Task<TResult> DoAsync<TService, TResult>(Func<TService, Task<TResult>> work)
        where TService : notnull
    {
        await using var scope = services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
