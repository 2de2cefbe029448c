using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Audience;
using Relais.Audience.Inputs;
using Relais.Audience.Runs;
using Relais.Audience.Studies;
using Relais.Audience.Universes;
using Relais.Tests.Desktops;

namespace Relais.Tests.Audience;

public sealed class AudienceRuns(AudienceApp app) : IClassFixture<AudienceApp>
{
    [Fact]
    public async Task A_run_again_gives_the_same_bytes_and_the_exported_file_has_the_hash_that_the_run_names()
    {
        var wave = await app.AddWaveAsync("Recalcul");
        var first = await app.ComputeAsync(wave);
        Assert.True(first.State == RunState.Done, first.Faults);
        using var researcher = await app.SignInAsync(app.Researcher);
        using var asked = await researcher.PostJsonAsync($"/api/audience/runs/{first.Id}/again", null);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var again = await app.OverAsync((await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetGuid());

        Assert.Equal(first.ResultSha256, again.ResultSha256);
        Assert.Equal(first.Report, again.Report);
        foreach (var run in new[] { first, again })
        {
            var file = await researcher.Client.GetByteArrayAsync($"/api/audience/runs/{run.Id}/indicators.csv");
            Assert.Equal(run.ResultSha256, Convert.ToHexStringLower(SHA256.HashData(file)));
        }

        var weights = await Task.WhenAll(new[] { first, again }.Select(r => researcher.Client.GetStringAsync($"/api/audience/runs/{r.Id}/weights.csv")));
        Assert.Equal(weights[0], weights[1]);
        var page = await researcher.GetAsync($"/audience/runs/compare?a={first.Id}&b={again.Id}");
        Assert.Contains("octet pour octet", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_meet_the_universe_and_reach_times_time_is_the_volume()
    {
        var wave = await app.AddWaveAsync("Identité");
        var run = await app.ComputeAsync(wave);
        var report = AudienceJson.Read<RunReport>(run.Report!);
        Assert.All(report.Weights.Totals, line => Assert.Equal(line.Target, line.After, line.Target * 1e-9));
        var figures = await app.InAudienceAsync(db => db.Figures.AsNoTracking().Where(f => f.RunId == run.Id && f.Ac > 0).ToListAsync());
        Assert.NotEmpty(figures);
        var quarters = new Dictionary<string, int> { ["0500-2400"] = 76, ["0600-0900"] = 12, ["0900-1200"] = 12, ["1200-1400"] = 8, ["1400-1700"] = 12, ["1700-2000"] = 12, ["2000-2400"] = 16 };
        Assert.All(figures, f => Assert.Equal(f.Ac * f.Dea, 15 * quarters[f.Band] * f.Qhm, 1e-9 * f.Ac * f.Dea));
    }

    [Fact]
    public async Task What_a_run_wrote_cannot_be_changed()
    {
        var wave = await app.AddWaveAsync("Figé");
        var run = await app.ComputeAsync(wave);
        await Assert.ThrowsAsync<PostgresException>(() => app.InAudienceAsync(db => db.Figures.Where(f => f.RunId == run.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.Ac, 1.0))));
        await Assert.ThrowsAsync<PostgresException>(() => app.InAudienceAsync(db => db.Runs.Where(r => r.Id == run.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.ResultSha256, ""))));
        await Assert.ThrowsAsync<PostgresException>(() => app.InAudienceAsync(db => db.Inputs.Where(i => i.WaveId == wave).ExecuteUpdateAsync(set => set.SetProperty(i => i.Sha256, ""))));
    }

    [Fact]
    public async Task A_margin_that_cannot_be_met_fails_the_run_and_names_its_cell()
    {
        var (study, universe) = await SmallAsync("Case vide", "sex,H,600\nsex,F,400\nage,jeunes,300\nage,vieux,600\nage,enfants,100\n");
        var wave = await app.AddWaveAsync("Case vide", files: false, study, universe);
        await app.ImportAsync(wave, InputKind.Respondents, "id,sex,age\n1,H,jeunes\n2,F,vieux\n3,H,vieux\n4,F,jeunes\n");
        await app.ImportAsync(wave, InputKind.Listening, "id,station,qh\n1,A,4\n");
        var run = await app.ComputeAsync(wave);
        Assert.Equal(RunState.Failed, run.State);
        var fault = Assert.Single(AudienceJson.Read<List<RunFault>>(run.Faults!));
        Assert.Equal(("weight.empty-cell", "age=enfants"), (fault.Code, fault.Named[0]));
        Assert.False(await app.InAudienceAsync(db => db.Figures.AnyAsync(f => f.RunId == run.Id)));

        using var researcher = await app.SignInAsync(app.Researcher);
        Assert.Contains("Case age=enfants", (await researcher.GetAsync($"/audience/runs/{run.Id}")).Text, StringComparison.Ordinal);
        Assert.Contains("Case age=enfants", (await researcher.GetAsync($"/audience/waves/{wave}/weights")).Text, StringComparison.Ordinal);
        using var proposed = await researcher.PostJsonAsync($"/api/audience/waves/{wave}/propose", new { run = run.Id });
        Assert.Equal(HttpStatusCode.Conflict, proposed.StatusCode);
    }

    [Fact]
    public async Task A_run_whose_server_died_is_started_again_and_the_dead_one_can_write_nothing()
    {
        var wave = await app.AddWaveAsync("Serveur tué");
        var run = await app.ComputeAsync(wave);
        await using var gate = await LeadInsteadAsync();
        var started = await app.DoAsync<StartRun, StartResult>(start => start.AgainAsync(run.Id, new PersonId(app.Researcher.Id), AudienceApp.Of(app.Researcher), CancellationToken.None));
        var id = ((StartResult.Queued)started).Run;
        // A server takes it, computes, and hangs before it writes.
        var (claimed, outcome) = await app.InAudienceAsync(async db =>
        {
            var taken = (await RunQueue.ClaimAsync(db, id, app.Clock, CancellationToken.None))!;
            return (taken, (RunOutcome.Computed)await RunQueue.ComputeAsync(db, taken, static _ => { }, CancellationToken.None));
        });
        Assert.False(await app.InAudienceAsync(db => db.Figures.AnyAsync(f => f.RunId == id)));

        await gate.CloseAsync();
        await app.RestartAsync();
        var over = await app.OverAsync(id);
        Assert.Equal((RunState.Done, 2, run.ResultSha256), (over.State, over.Attempt, over.ResultSha256));
        var figures = await app.InAudienceAsync(db => db.Figures.CountAsync(f => f.RunId == id));
        Assert.False(await app.InAudienceAsync(db => SaveRun.DoneAsync(db, claimed, claimed.Attempt, outcome, app.Clock, CancellationToken.None)));
        Assert.Equal(figures, await app.InAudienceAsync(db => db.Figures.CountAsync(f => f.RunId == id)));
    }

    [Fact]
    public async Task A_run_that_waits_can_be_stopped_and_leaves_nothing()
    {
        var wave = await app.AddWaveAsync("Arrêt");
        var run = await app.ComputeAsync(wave);
        await using var gate = await LeadInsteadAsync();
        var started = (StartResult.Queued)await app.DoAsync<StartRun, StartResult>(start => start.AgainAsync(run.Id, new PersonId(app.Researcher.Id), AudienceApp.Of(app.Researcher), CancellationToken.None));
        using var researcher = await app.SignInAsync(app.Researcher);
        using (var stopped = await researcher.PostJsonAsync($"/api/audience/runs/{started.Run}/cancel", null))
            Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        var over = await app.OverAsync(started.Run);
        Assert.Equal((RunState.Cancelled, null), (over.State, over.ResultSha256));
        using var again = await researcher.PostJsonAsync($"/api/audience/runs/{started.Run}/cancel", null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        await gate.CloseAsync();
        await app.RestartAsync();
    }

    private async Task<(Guid Study, Guid Universe)> SmallAsync(string name, string margins)
    {
        var universe = (UniverseResult.Saved)await app.DoAsync<EditUniverses, UniverseResult>(edit => edit.AddAsync(
            name, "essai", new DateOnly(2026, 1, 1), () => new MemoryStream(Encoding.UTF8.GetBytes("variable,level,total\n" + margins)), AudienceApp.Of(app.Researcher), CancellationToken.None));
        var settings = StudySettings.New with { Stations = [new("A", "Radio A", ""), new("B", "Radio B", "")] };
        var study = (StudyResult.Saved)await app.DoAsync<EditStudies, StudyResult>(edit => edit.SaveAsync(null, name, settings, AudienceApp.Of(app.Researcher), CancellationToken.None));
        return (study.Id, universe.Id);
    }

    // Whoever holds the lock computes: while a test holds it, runs wait.
    private async Task<NpgsqlConnection> LeadInsteadAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(app.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var take = new NpgsqlCommand("SELECT pg_advisory_lock(hashtext('relais.audience.runs'))", connection);
        var taking = take.ExecuteNonQueryAsync();
        await DesktopsApp.UntilAsync(async () =>
        {
            // Whoever else holds it: not this connection, once it has got it.
            await app.InAudienceAsync(db => db.Database.ExecuteSqlAsync($"""
                SELECT pg_terminate_backend(pid) FROM pg_locks
                WHERE locktype = 'advisory' AND granted AND pid <> {connection.ProcessID} AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid::bigint = (hashtext('relais.audience.runs')::bigint & 4294967295)
                """));
            return taking.IsCompleted;
        });
        await taking;
        return connection;
    }
}
