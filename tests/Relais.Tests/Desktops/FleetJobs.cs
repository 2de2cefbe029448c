using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Desktops.Verbs;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Desktops;

/// <summary>One action for many desktops, and what time does to them: rows and interface, without an engine.</summary>
public sealed class FleetJobs(FleetApp app) : IClassFixture<FleetApp>
{
    private const string Bundle = "bureau-standard";

    [Fact]
    public async Task A_job_asks_each_desktop_once_however_often_the_server_begins_again_and_ends_when_all_are_there()
    {
        var administrator = await AdministratorAsync();
        Guid[] desktops = [await app.AddDesktopAsync(), await app.AddDesktopAsync(), await app.AddDesktopAsync(d => d.Want(Wanted.Archived, default))];
        var job = await administrator.AskAsync(new { action = "restart", desktops });

        // Each look is what a server does that was killed before: it knows nothing but the rows.
        Assert.True(await app.WorkAsync());
        Assert.True(await app.WorkAsync());
        var boots = await Task.WhenAll(desktops.Select(async d => (await app.DesktopAsync(d)).Boot));
        Assert.Equal([1, 1, 0], boots);
        Assert.Equal((2, 1), Counts(await administrator.JobAsync(job), "doing", "leftout"));

        await app.ReachAsync(desktops[0], DesktopState.Running);
        Assert.True(await app.WorkAsync());
        Assert.Equal((1, 1), Counts(await administrator.JobAsync(job), "done", "doing"));
        await app.ReachAsync(desktops[1], DesktopState.Running);
        await app.WorkAsync();
        var done = await administrator.JobAsync(job);
        Assert.Equal((2, 1), Counts(done, "done", "leftout"));
        Assert.NotEqual(JsonValueKind.Null, done.GetProperty("finishedAt").ValueKind);
        Assert.Contains(done.GetProperty("desktops").EnumerateArray(), d => d.GetProperty("reason").GetString() == FleetRules.Archived);
        Assert.Equal(2, await app.InAsync(services => services.GetRequiredService<Relais.Kernel.KernelDb>().Set<Relais.Kernel.Audit.AuditLine>()
            .CountAsync(l => l.Action == "desktop.restarted")));
    }

    [Fact]
    public async Task A_job_that_is_stopped_leaves_the_rest()
    {
        var administrator = await AdministratorAsync();
        var desktop = await app.AddDesktopAsync();
        var job = await administrator.AskAsync(new { action = "start", desktops = new[] { desktop } });
        using (var answer = await administrator.PostJsonAsync($"/api/desktops/jobs/{job}/stop", new { }))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await app.WorkAsync();
        Assert.Equal(Wanted.Stopped, (await app.DesktopAsync(desktop)).Wanted);
        Assert.Equal(FleetRules.Stopped, (await administrator.JobAsync(job)).GetProperty("desktops")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_filter_chooses_all_that_it_finds_and_a_wrong_request_nothing()
    {
        var administrator = await AdministratorAsync();
        var leaving = await app.AddDesktopAsync(d => d.DeleteAt = app.Clock.GetUtcNow().AddDays(3));
        await app.AddDesktopAsync();
        var listed = await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops?state=leaving");
        Assert.Contains(listed.EnumerateArray(), d => d.GetProperty("id").GetGuid() == leaving);

        var job = await administrator.AskAsync(new { action = "keep", state = "leaving" });
        await app.WorkAsync();
        Assert.Null((await app.DesktopAsync(leaving)).DeleteAt);
        Assert.Equal(listed.GetArrayLength(), (await administrator.JobAsync(job)).GetProperty("desktops").GetArrayLength());

        foreach (var wrong in new object[]
                 {
                     new { action = "explode", desktops = new[] { leaving } }, new { action = "move", to = "../secret", desktops = new[] { leaving } },
                     new { action = "resize", memoryMiB = 1, desktops = new[] { leaving } }, new { action = "stop", desktops = Array.Empty<Guid>() },
                 })
        {
            using var answer = await administrator.PostJsonAsync("/api/desktops/jobs", wrong);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Nobody_but_an_administrator_acts_on_the_fleet()
    {
        var person = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        foreach (var address in (string[])["/api/desktops", "/api/desktops/jobs", "/api/desktops/bundles"])
        {
            using var answer = await person.Client.GetAsync(address);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        foreach (var address in (string[])["/api/desktops/jobs", $"/api/desktops/bundles/{Bundle}/build", $"/api/desktops/bundles/{Bundle}/roll-out"])
        {
            using var answer = await person.PostJsonAsync(address, new { action = "delete", version = "x", when = "now" });
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Time_freezes_stops_and_deletes_and_takes_snapshots()
    {
        var now = app.Clock.GetUtcNow();
        var idle = await app.AddDesktopAsync(d =>
        {
            d.Want(Wanted.Running, now);
            d.Succeed(DesktopState.Running, now);
            d.IdleSince = now.AddMinutes(-61);
        });
        var longIdle = await app.AddDesktopAsync(d =>
        {
            d.Want(Wanted.Frozen, now);
            d.Succeed(DesktopState.Frozen, now);
            d.IdleSince = now.AddHours(-13);
        });
        var over = await app.AddDesktopAsync(d => d.DeleteAt = now.AddMinutes(-1));
        var opened = await app.AddDesktopAsync(d => d.OpenedAt = now.AddDays(1));
        // A home is a day old when its first snapshot is due.
        await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Desktops.Where(d => d.Id == opened)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.CreatedAt, now.AddDays(-2))));

        await app.TendAsync();
        await app.TendAsync();
        Assert.Equal(Wanted.Frozen, (await app.DesktopAsync(idle)).Wanted);
        Assert.Equal(Wanted.Stopped, (await app.DesktopAsync(longIdle)).Wanted);
        Assert.Equal(Wanted.Deleted, (await app.DesktopAsync(over)).Wanted);
        var snapshot = Assert.Single(await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Snapshots.Where(s => s.DesktopId == opened).ToListAsync()));
        Assert.Equal(SnapshotReason.Scheduled, snapshot.Reason);
    }

    [Fact]
    public async Task A_version_that_is_put_into_service_reaches_each_desktop_once_and_so_does_the_way_back()
    {
        var administrator = await AdministratorAsync();
        const string Graphics = "graphisme";
        var (older, newer) = (await app.BuiltAsync(Graphics, "00000000000000aa"), await app.BuiltAsync(Graphics, "00000000000000bb"));
        var desktop = await app.AddDesktopAsync(d => (d.Bundle, d.Image) = (Graphics, older));

        foreach (var (version, root) in new[] { (newer, 1), (older, 2) })
        {
            using (var answer = await administrator.PostJsonAsync($"/api/desktops/bundles/{Graphics}/roll-out", new { version, when = "now" }))
                Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            await app.TendAsync();
            await app.TendAsync();
            Assert.Equal(root, (await app.DesktopAsync(desktop)).Root);
            // As the reconciler does when it makes the root.
            await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Desktops.Where(d => d.Id == desktop)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.Image, version)));
        }

        using var unknown = await administrator.PostJsonAsync($"/api/desktops/bundles/{Graphics}/roll-out", new { version = "ffffffffffffffff", when = "now" });
        Assert.Equal(HttpStatusCode.Conflict, unknown.StatusCode);
    }

    [Fact]
    public async Task The_commands_say_what_the_pages_say()
    {
        var desktop = await app.AddDesktopAsync();
        var listed = await RunAsync("desktops list", "--bundle", Bundle);
        Assert.Contains(listed.EnumerateArray(), d => d.GetProperty("id").GetGuid() == desktop);
        var bundles = await RunAsync("desktops bundles");
        Assert.Equal(5, bundles.GetProperty("bundles").GetArrayLength());
        Assert.Empty(bundles.GetProperty("faults").EnumerateArray());

        await using var error = new StringWriter();
        var roll = FleetVerbs.All.Single(v => v.Name == "desktops roll-out");
        Assert.Equal(2, await roll.Run(new VerbCall(app.Services, [Bundle, "x", "never"], TextWriter.Null, error), CancellationToken.None));
        Assert.Equal(1, await roll.Run(new VerbCall(app.Services, [Bundle, "x", "now"], TextWriter.Null, error), CancellationToken.None));

        var job = await (await AdministratorAsync()).AskAsync(new { action = "start", desktops = new[] { desktop } });
        Assert.Contains((await RunAsync("desktops jobs")).EnumerateArray(), j => j.GetProperty("id").GetGuid() == job);
        Assert.True((await RunAsync("desktops jobs stop", job.ToString())).GetProperty("stopAsked").GetBoolean());
        Assert.Equal("start", (await RunAsync("desktops jobs", job.ToString())).GetProperty("action").GetString());
        var user = listed.EnumerateArray().Single(d => d.GetProperty("id").GetGuid() == desktop).GetProperty("userName").GetString()!;
        Assert.Empty((await RunAsync("desktops snapshots", user)).EnumerateArray());
        Assert.Equal(1, await RunForCodeAsync("desktops snapshots", "personne.du.tout"));
        Assert.Equal(1, await RunForCodeAsync("desktops do", "start", "--all", "--group", "Nulle part"));
        Assert.Equal(2, await RunForCodeAsync("desktops do", "start", "--all", "--snapshot", Guid.NewGuid().ToString()));
        Assert.Equal(2, await RunForCodeAsync("desktops do", "start", user, "--all", "yes"));
    }

    [Fact]
    public async Task A_plan_is_kept_in_a_file_that_makes_it_and_changes_it()
    {
        var name = $"Fichier {Guid.NewGuid():N}"[..16];
        await app.InDatabaseAsync(async db =>
        {
            db.Access.Groups.Add(new Relais.Access.Groups.Group { Name = name, NormalizedName = Relais.Access.UniqueName.Normalize(name) });
            return await db.Access.SaveChangesAsync();
        });
        var file = Path.Combine(app.DataFolder, "plan.json");
        await File.WriteAllTextAsync(file, $$"""{"name": "{{name}}", "steps": [{"groups": ["{{name}}"], "bundle": "{{Bundle}}", "atOnce": 7}]}""");
        var made = await RunAsync("plan save", file);
        Assert.Equal(7, made.GetProperty("steps")[0].GetProperty("atOnce").GetInt32());
        await File.WriteAllTextAsync(file, $$"""{"name": "{{name}}", "steps": [{"groups": ["{{name}}"], "bundle": "{{Bundle}}"}, {"groups": ["{{name}}"], "bundle": "enqueteur"}]}""");
        var changed = await RunAsync("plan save", file);
        Assert.Equal((made.GetProperty("id").GetGuid(), 2), (changed.GetProperty("id").GetGuid(), changed.GetProperty("steps").GetArrayLength()));

        var pool = $"Secours {Guid.NewGuid():N}"[..16];
        await RunAsync("desktops pools set", pool, "--bundle", Bundle, "--groups", name, "--most", "4", "--ready", "0");
        await File.WriteAllTextAsync(file, $$"""{"name": "{{name}}", "steps": [{"groups": ["{{name}}"], "bundle": "{{Bundle}}"}, {"pool": "{{pool}}", "ready": 3}]}""");
        var pooled = (await RunAsync("plan save", file)).GetProperty("steps")[1];
        Assert.Equal((pool, 3), (pooled.GetProperty("poolName").GetString(), pooled.GetProperty("ready").GetInt32()));

        foreach (var wrong in new[]
                 {
                     "{", """{"nom": "X"}""", $$"""{"name": "{{name}}", "steps": [{"pool": "Nulle part", "ready": 3}]}""",
                     $$"""{"name": "{{name}}", "steps": [{"pool": "{{pool}}", "groups": ["{{name}}"], "ready": 3}]}""", $$"""{"name": "{{name}}", "steps": []}""",
                     $$"""{"name": "{{name}}", "steps": [{"groups": ["Nulle part"], "bundle": "{{Bundle}}"}]}""",
                 })
        {
            await File.WriteAllTextAsync(file, wrong);
            Assert.Equal(1, await RunForCodeAsync("plan save", file));
        }

        Assert.True((await RunAsync("plan remove", name)).GetProperty("removed").GetBoolean());
        Assert.Equal(1, await RunForCodeAsync("plan remove", name));
    }

    private async Task<JsonElement> RunAsync(string verb, params string[] arguments)
    {
        await using var output = new StringWriter();
        Assert.Equal(0, await VerbOf(verb).Run(new VerbCall(app.Services, arguments, output, TextWriter.Null), CancellationToken.None));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    private Task<int> RunForCodeAsync(string verb, params string[] arguments) =>
        VerbOf(verb).Run(new VerbCall(app.Services, arguments, TextWriter.Null, TextWriter.Null), CancellationToken.None);

    private Verb VerbOf(string name) => app.Services.GetServices<Verb>().Single(v => v.Name == name);

    private async Task<Browser> AdministratorAsync() => await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));

    private static (int First, int Second) Counts(JsonElement job, string first, string second)
    {
        var counts = job.GetProperty("counts");
        return (counts.GetProperty(first).GetInt32(), counts.GetProperty(second).GetInt32());
    }
}
