using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Quotas;

namespace Relais.Tests.Fieldwork;

public sealed class QuotaTests(FieldworkApp app) : IClassFixture<FieldworkApp>
{
    [Fact]
    public async Task A_slot_is_reserved_at_screening_released_on_abandonment_and_committed_once()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, rules: FieldworkApp.Anytime with { AfterContactMinutes = 0 }, sample: app.Sample(10));
        await wave.AddQuotaAsync(true, ("sexe=F", 1), ("sexe=H", 5));
        var first = await wave.MustTakeAsync();
        Assert.Equal("reserved", (await wave.ScreenAsync(first, 0, null, ("sexe", "F"))).State);
        var second = await wave.MustTakeAsync(1);
        Assert.Equal("full", (await wave.ScreenAsync(second, 1, null, ("sexe", "F"))).State);
        Assert.Equal("reserved", (await wave.ScreenAsync(second, 1, null, ("sexe", "H"))).State);

        await wave.CloseAsync(first, "broke-off");
        var third = await wave.MustTakeAsync();
        Assert.Equal("reserved", (await wave.ScreenAsync(third, 0, null, ("sexe", "F"))).State);
        var command = Guid.NewGuid();
        await wave.CloseAsync(third, "complete", command: command);
        await wave.CloseAsync(third, "complete", command: command);
        await wave.CloseAsync(second, "complete", 1);
        Assert.Equal(["F:1+0", "H:1+0"], await CellsAsync(wave));
    }

    [Fact]
    public async Task A_slot_of_an_interview_that_gives_no_sign_any_more_is_released()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, sample: app.Sample(3));
        await wave.AddQuotaAsync(true, ("sexe=F", 1));
        var first = await wave.MustTakeAsync();
        await wave.ScreenAsync(first, 0, null, ("sexe", "F"));
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await wave.ReleaseLostAsync();
        Assert.Equal(["F:0+0"], await CellsAsync(wave));
        // Somebody else takes the slot meanwhile: the interview that comes after all finds none.
        var second = await wave.MustTakeAsync(1);
        await wave.ScreenAsync(second, 1, null, ("sexe", "F"));
        var late = await app.InFieldworkAsync(db => Relais.Fieldwork.Cases.CloseCase.HandleAsync(
            first.Case, new(Guid.NewGuid(), first.Fence, "complete", Values: new Dictionary<string, string> { ["sexe"] = "F" }), wave.People[0].Id, db, app.Clock, CancellationToken.None));
        Assert.Equal(("closed", "quota-full"), (late.State, late.Outcome));
        await wave.CloseAsync(second, "complete", 1);
        Assert.Equal(["F:1+0"], await CellsAsync(wave));
    }

    [Fact]
    public async Task Closing_a_cell_takes_its_cases_out_of_the_choice_and_reopening_puts_them_back()
    {
        var wave = await app.AddWaveAsync();
        await wave.AddQuotaAsync(true, ("region=IDF", 100), ("region=BRE", 100));
        await wave.ImportAsync(app.Sample(6, i => i < 3 ? ",IDF" : ",BRE", ",region"));
        var idf = await CellAsync(wave, "IDF");
        await wave.CloseCellAsync(idf, closed: true);
        for (var i = 0; i < 3; i++)
        {
            var held = await wave.MustTakeAsync();
            Assert.Equal("BRE", held.Fields.GetProperty("region").GetString());
            await wave.CloseAsync(held, "refused");
        }

        Assert.Null((await wave.TakeAsync()).Case);
        await wave.CloseCellAsync(idf, closed: false);
        Assert.Equal("IDF", (await wave.MustTakeAsync()).Fields.GetProperty("region").GetString());
    }

    [Fact]
    public async Task A_full_cell_takes_its_cases_out_and_a_released_slot_puts_them_back()
    {
        var wave = await app.AddWaveAsync(interviewers: 2);
        await wave.AddQuotaAsync(true, ("region=IDF", 1));
        await wave.ImportAsync(app.Sample(4, _ => ",IDF", ",region"));
        var held = await wave.MustTakeAsync();
        await wave.ScreenAsync(held);
        Assert.Null((await wave.TakeAsync(1)).Case);
        await wave.CloseAsync(held, "refused");
        Assert.NotNull((await wave.TakeAsync(1)).Case);
    }

    [Fact]
    public async Task A_soft_cell_counts_and_refuses_nobody()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(3));
        await wave.AddQuotaAsync(false, ("sexe=F", 1));
        for (var i = 0; i < 2; i++)
        {
            var held = await wave.MustTakeAsync();
            Assert.Equal("reserved", (await wave.ScreenAsync(held, 0, null, ("sexe", "F"))).State);
            await wave.CloseAsync(held, "complete");
        }

        Assert.Equal(["F:2+0"], await CellsAsync(wave));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_many_interview_and_abandon_at_once_no_cell_is_overshot_and_each_completed_interview_has_its_slot(int seed)
    {
        var wave = await app.AddWaveAsync(interviewers: 8, rules: FieldworkApp.Anytime with { AfterContactMinutes = 0, AfterNoAnswerMinutes = 0 });
        string[] ages = ["15-34", "35-59", "60+"];
        await wave.AddQuotaAsync(true, [.. from s in new[] { "F", "H" } from a in ages select ($"sexe={s}&age={a}", 4)]);
        await wave.AddQuotaAsync(true, ("region=IDF", 9), ("region=BRE", 30));
        await wave.ImportAsync(app.Sample(300, i => i % 3 == 0 ? ",BRE" : ",IDF", ",region"));
        var complete = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (person, _) =>
        {
            var random = new Random(seed * 100 + person);
            for (var call = 0; call < 25; call++)
            {
                if (await wave.TakeAsync(person) is not { Case: { } held })
                    break;
                var screened = await wave.ScreenAsync(held, person, null, ("sexe", random.Next(2) == 0 ? "F" : "H"), ("age", ages[random.Next(3)]));
                var outcome = screened.State == "full" ? "quota-full" : random.Next(4) switch { 0 => "broke-off", 1 => "refused", _ => "complete" };
                // Some answers do not arrive, and the command is sent again.
                var command = Guid.NewGuid();
                var closed = await wave.CloseAsync(held, outcome, person, command: command);
                if (random.Next(3) == 0)
                    closed = await wave.CloseAsync(held, outcome, person, command: command);
                if (closed.Outcome == "complete")
                    Interlocked.Increment(ref complete);
            }
        });
        var cells = await app.InFieldworkAsync(db => db.QuotaCells.AsNoTracking().Where(c => c.WaveId == wave.Wave).ToListAsync());
        Assert.All(cells, c => Assert.True(c.Completed <= c.Target, $"{c.Conditions}: {c.Completed} of {c.Target}"));
        Assert.All(cells, c => Assert.Equal(0, c.Reserved));
        foreach (var quota in cells.GroupBy(c => c.QuotaId))
            Assert.Equal(complete, quota.Sum(c => c.Completed));
        Assert.True(complete > 9, $"{complete} interviews");
        Assert.Equal(complete, await app.InFieldworkAsync(db => db.Cases.CountAsync(c => c.WaveId == wave.Wave && c.Outcome == 1)));
    }

    private Task<List<string>> CellsAsync(TestWave wave) => app.InFieldworkAsync(async db =>
        (await db.QuotaCells.AsNoTracking().Where(c => c.WaveId == wave.Wave).OrderBy(c => c.Id).ToListAsync())
        .ConvertAll(c => $"{QuotaVariables.Parse(c.Conditions).Values.First()}:{c.Completed}+{c.Reserved}"));

    private Task<int> CellAsync(TestWave wave, string value) => app.InFieldworkAsync(async db =>
        (await db.QuotaCells.AsNoTracking().Where(c => c.WaveId == wave.Wave).ToListAsync()).Single(c => QuotaVariables.Parse(c.Conditions).ContainsValue(value)).Id);
}
