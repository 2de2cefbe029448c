using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Audience.Runs;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;

namespace Relais.Tests.Audience;

/// <summary>Results that nobody published are removed by hand or by age; those that count never are.</summary>
public sealed class AudienceRemoval(AudienceApp app) : IClassFixture<AudienceApp>
{
    [Fact]
    public async Task Results_that_are_not_published_are_removed_and_computed_again_the_same()
    {
        var wave = await app.AddWaveAsync("À supprimer");
        var run = await app.ComputeAsync(wave);
        using var researcher = await app.SignInAsync(app.Researcher);
        var page = await researcher.GetAsync($"/audience/runs/{run.Id}");
        var removed = await researcher.SubmitAsync(page, "remove");
        Assert.EndsWith("/runs", removed.Path, StringComparison.Ordinal);
        var left = await app.InAudienceAsync(db => db.Runs.AsNoTracking().SingleAsync(r => r.Id == run.Id));
        Assert.Equal((RunState.Removed, run.ResultSha256), (left.State, left.ResultSha256));
        Assert.False(await app.InAudienceAsync(db => db.Figures.AnyAsync(f => f.RunId == run.Id)));
        Assert.False(await app.InAudienceAsync(db => db.Weights.AnyAsync(w => w.RunId == run.Id)));
        using (var gone = await researcher.Client.GetAsync($"/api/audience/runs/{run.Id}/indicators.csv"))
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using (var proposed = await researcher.PostJsonAsync($"/api/audience/waves/{wave}/propose", new { run = run.Id }))
            Assert.Equal(HttpStatusCode.Conflict, proposed.StatusCode);
        using (var twice = await researcher.PostJsonAsync($"/api/audience/runs/{run.Id}/remove", null))
            Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);

        using var asked = await researcher.PostJsonAsync($"/api/audience/runs/{run.Id}/again", null);
        var again = await app.OverAsync((await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetGuid());
        Assert.Equal((2, run.ResultSha256), (again.Number, again.ResultSha256));
        Assert.Equal(1, await LinesAsync(run.Id));
    }

    [Fact]
    public async Task What_is_proposed_or_published_is_never_removed_whatever_a_program_does()
    {
        var (review, proposed) = await app.ProposeAsync("Proposé, gardé");
        var (_, published) = await app.PublishAsync("Publié, gardé");
        using var researcher = await app.SignInAsync(app.Researcher);
        foreach (var run in new[] { proposed.Id, published.Id })
        {
            using var refused = await researcher.PostJsonAsync($"/api/audience/runs/{run}/remove", null);
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.DoesNotContain("Supprimer les résultats", (await researcher.GetAsync($"/audience/runs/{run}")).Text, StringComparison.Ordinal);
            await Assert.ThrowsAsync<PostgresException>(() => app.InAudienceAsync(db => db.Figures.Where(f => f.RunId == run).ExecuteDeleteAsync()));
            await Assert.ThrowsAsync<PostgresException>(() => app.InAudienceAsync(db => db.Curves.Where(c => c.RunId == run).ExecuteDeleteAsync()));
            await Assert.ThrowsAsync<PostgresException>(() => app.InAudienceAsync(db => db.Weights.Where(w => w.RunId == run).ExecuteDeleteAsync()));
            await Assert.ThrowsAsync<PostgresException>(() => app.InAudienceAsync(db => db.Runs.Where(r => r.Id == run).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Removed))));
        }

        using var reader = await app.SignInAsync(app.Reader);
        using var other = await reader.PostJsonAsync($"/api/audience/runs/{proposed.Id}/remove", null);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.True(await app.InAudienceAsync(db => db.Waves.AnyAsync(w => w.Id == review && w.RunId == proposed.Id)));
    }

    [Fact]
    public async Task Old_results_go_but_not_those_that_count_nor_the_last_of_a_wave_that_is_not_published()
    {
        var wave = await app.AddWaveAsync("Anciens");
        var first = await app.ComputeAsync(wave);
        var second = await app.RunAsync(wave);
        var (published, counts) = await app.PublishAsync("Ancien publié");
        using var researcher = await app.SignInAsync(app.Researcher);
        using var asked = await researcher.PostJsonAsync($"/api/audience/runs/{counts.Id}/again", null);
        var beside = await app.OverAsync((await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetGuid());
        var old = app.Services.GetRequiredService<RemoveOldRuns>();
        await old.LookAsync(CancellationToken.None);
        Assert.Equal(RunState.Done, await StateAsync(first.Id));

        // Whoever of the two looks first, the server's own round or this one.
        app.Clock.Advance(TimeSpan.FromDays(366));
        await old.LookAsync(CancellationToken.None);
        Assert.Equal(
            (RunState.Removed, RunState.Done, RunState.Done, RunState.Removed),
            (await StateAsync(first.Id), await StateAsync(second.Id), await StateAsync(counts.Id), await StateAsync(beside.Id)));
        Assert.Equal((1, 1), (await LinesAsync(first.Id), await LinesAsync(beside.Id)));
        Assert.Equal(WaveState.Published, await app.InAudienceAsync(db => db.Waves.Where(w => w.Id == published).Select(w => w.State).SingleAsync()));
    }

    [Fact]
    public async Task A_run_that_is_removed_while_it_is_being_proposed_is_not_proposed()
    {
        var wave = await app.AddWaveAsync("En même temps");
        var run = await app.ComputeAsync(wave);
        // The one looks, the other removes, then the first writes.
        await app.InAudienceAsync(async db =>
        {
            var seen = await db.Waves.SingleAsync(w => w.Id == wave);
            Assert.Equal(StepResult.Done, seen.Propose(run, new PersonId(app.Researcher.Id), "", app.Clock.GetUtcNow()));
            Assert.Equal(
                StepResult.Done, await app.DoAsync<RemoveRun, StepResult>(remove => remove.HandleAsync(run.Id, AudienceApp.Of(app.Researcher), "asked for", CancellationToken.None)));
            return await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync());
        });
        Assert.Null(await app.InAudienceAsync(db => db.Waves.Where(w => w.Id == wave).Select(w => w.RunId).SingleAsync()));
    }

    private Task<RunState> StateAsync(Guid run) => app.InAudienceAsync(db => db.Runs.Where(r => r.Id == run).Select(r => r.State).SingleAsync());

    private Task<int> LinesAsync(Guid run)
    {
        var subject = $"run:{run}";
        return app.InAudienceAsync(db => db.Set<AuditLine>().CountAsync(l => l.Subject == subject && l.Action == "run.removed"));
    }
}
