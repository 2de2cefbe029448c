using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Plans;
using Relais.Kernel.Verbs;
using static Relais.Tests.Desktops.PlanSamples;

namespace Relais.Tests.Desktops;

/// <summary>Continuity plans by rows and interface, without an engine.</summary>
public sealed class ContinuityPlans(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task Steps_follow_in_their_order_a_few_desktops_at_a_time_and_none_twice_however_often_the_server_begins_again()
    {
        var administrator = await AdministratorAsync();
        var (first, early) = await app.AddGroupAsync(3);
        var (second, late) = await app.AddGroupAsync(1);
        var plan = await administrator.AddPlanAsync(Step(first, atOnce: 2), Step(second, bundle: "enqueteur"));
        await administrator.OnPlanAsync(plan, "start");

        Assert.True(await app.LookAsync());
        Assert.True(await app.LookAsync());
        Assert.Equal(2, (await app.WantedAsync(early)).Count);
        Assert.Empty(await app.WantedAsync(late));

        await app.AllRunAsync(early);
        await app.LookAsync();
        Assert.Equal(3, (await app.WantedAsync(early)).Count);
        Assert.Empty(await app.WantedAsync(late));

        await app.AllRunAsync(early);
        await app.LookAsync();
        await app.LookAsync();
        Assert.Equal("enqueteur", Assert.Single(await app.WantedAsync(late)).Bundle);
        await app.AllRunAsync(late);
        await app.LookAsync();
        await app.LookAsync();

        var run = (await administrator.PlanAsync(plan)).GetProperty("run");
        Assert.Equal("done", run.GetProperty("state").GetString());
        Assert.Equal(4, run.GetProperty("counts").GetProperty("done").GetInt32());
        var people = early.Concat(late).ToArray();
        Assert.Equal(4, await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Desktops.CountAsync(d => people.Contains(d.PersonId))));
    }

    [Fact]
    public async Task Two_administrators_who_start_it_at_once_start_it_once()
    {
        var administrators = new[] { await AdministratorAsync(), await AdministratorAsync() };
        var (group, people) = await app.AddGroupAsync(2);
        var plan = await administrators[0].AddPlanAsync(Step(group));
        var answers = await Task.WhenAll(administrators.Select(a => a.PostJsonAsync($"/api/plans/{plan}/start", new { })));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
        Assert.Equal(1, await app.InAsync(services => services.GetRequiredService<DesktopsDb>().PlanRuns.CountAsync(r => r.PlanId == plan)));
        await answers.Single(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBeProblemAsync(409, "plan-running");
        // Over once all are there: then it may be started again, and what runs is left as it is.
        await app.LookAsync();
        await app.AllRunAsync(people);
        await app.LookAsync();
        await app.LookAsync();
        Assert.True((await administrators[1].OnPlanAsync(plan, "start")).TryGetProperty("id", out _));
        await app.LookAsync();
        await app.LookAsync();
        var run = (await administrators[1].PlanAsync(plan)).GetProperty("run");
        Assert.Equal(("done", 2), (run.GetProperty("state").GetString(), run.GetProperty("counts").GetProperty("leftout").GetInt32()));
    }

    [Fact]
    public async Task A_plan_that_is_stopped_leaves_what_has_not_begun_and_lets_the_rest_get_there()
    {
        var administrator = await AdministratorAsync();
        var (first, early) = await app.AddGroupAsync(2);
        var (second, late) = await app.AddGroupAsync(1);
        var plan = await administrator.AddPlanAsync(Step(first, atOnce: 1), Step(second));
        await administrator.OnPlanAsync(plan, "start");
        await app.LookAsync();
        await administrator.OnPlanAsync(plan, "stop");
        await app.LookAsync();
        Assert.Equal("stopping", (await administrator.PlanAsync(plan)).GetProperty("run").GetProperty("state").GetString());
        await app.AllRunAsync(early);
        await app.LookAsync();
        await app.LookAsync();

        var run = (await administrator.PlanAsync(plan)).GetProperty("run");
        Assert.Equal("stopped", run.GetProperty("state").GetString());
        Assert.Equal((1, 1), (run.GetProperty("counts").GetProperty("done").GetInt32(), run.GetProperty("counts").GetProperty("leftout").GetInt32()));
        Assert.Empty(await app.WantedAsync(late));
        Assert.Single(await app.WantedAsync(early));
        using var again = await administrator.PostJsonAsync($"/api/plans/{plan}/stop", new { });
        await again.ShouldBeProblemAsync(409, "plan-not-running");
    }

    [Fact]
    public async Task A_rehearsal_says_what_would_happen_and_what_stands_in_its_way_and_changes_nothing()
    {
        var administrator = await AdministratorAsync();
        await app.BuiltAsync(Bundle, "00000000000000aa");
        var now = app.Clock.GetUtcNow();
        var at = 0;
        var (group, people) = await app.AddGroupAsync(4, person =>
        {
            // One whose contract is over, one who was never invited, two as they should be.
            (person.ExpiresAt, person.PasswordHash) = (at == 0 ? now.AddDays(-1) : null, at == 1 ? null : person.PasswordHash);
            at++;
        });
        var (kiosk, _) = await app.AddGroupAsync(1);
        var plan = await administrator.AddPlanAsync(Step(group), Step(kiosk, bundle: "enqueteur"), Step(group));
        var found = await administrator.OnPlanAsync(plan, "rehearse");

        var steps = found.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal([3, 1, 0], steps.Select(s => s.GetProperty("people").GetInt32()));
        Assert.Equal(3, steps[0].GetProperty("new").GetInt32());
        Assert.Equal(3 * 1500, steps[0].GetProperty("memoryMiB").GetInt64());
        Assert.Contains("image-missing", Findings(found, blocks: true));
        Assert.Superset(new HashSet<string> { "ended", "not-invited", "repeated", "nobody", "no-group" }, Findings(found, blocks: false).ToHashSet());
        Assert.Empty(await app.WantedAsync(people));
        Assert.Equal(0, await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Desktops.CountAsync(d => people.Contains(d.PersonId))));

        // Kept with who asked, and gone once the plan is another one.
        Assert.NotEqual(JsonValueKind.Null, (await administrator.PlanAsync(plan)).GetProperty("rehearsal").ValueKind);
        using (var changed = await administrator.SendJsonAsync(HttpMethod.Put, $"/api/plans/{plan}", new { name = $"Neige {Guid.NewGuid():N}"[..20], steps = new[] { Step(group) } }))
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(JsonValueKind.Null, (await administrator.PlanAsync(plan)).GetProperty("rehearsal").ValueKind);
    }

    [Fact]
    public async Task A_rehearsal_that_was_kept_by_another_rule_asks_to_be_made_again()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var (group, _) = await app.AddGroupAsync(1);
        var plan = await administrator.AddPlanAsync(Step(group));
        await administrator.OnPlanAsync(plan, "rehearse");
        Assert.False((await administrator.PlanAsync(plan)).GetProperty("rehearsal").GetProperty("isOutdated").GetBoolean());
        // As it was written down before rules were told apart.
        await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Database.ExecuteSqlAsync(
            $"""UPDATE desktops.plan SET "Rehearsal" = "Rehearsal" - 'rule' WHERE "Id" = {plan}"""));
        Assert.True((await administrator.PlanAsync(plan)).GetProperty("rehearsal").GetProperty("isOutdated").GetBoolean());
        var page = await TextOfAsync();
        Assert.Contains("Répétez de nouveau", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Processeurs", page, StringComparison.Ordinal);
        await administrator.OnPlanAsync(plan, "rehearse");
        Assert.Contains("Processeurs", await TextOfAsync(), StringComparison.Ordinal);

        async Task<string> TextOfAsync() => (await administrator.GetAsync($"/plans/{plan}")).Document.Body?.TextContent ?? "";
    }

    [Fact]
    public async Task Whoever_may_not_sign_in_gets_nothing_and_whoever_has_a_desktop_keeps_it()
    {
        var administrator = await AdministratorAsync();
        var (group, people) = await app.AddGroupAsync(1);
        var (shut, barred) = await app.AddGroupAsync(1, person => person.DisabledAt = app.Clock.GetUtcNow());
        var made = await app.InAsync(async services =>
        {
            var desktop = await services.GetRequiredService<MyDesktop>().FindOrAllocateAsync(new PersonId(people[0]), Relais.Kernel.Audit.Actor.System, CancellationToken.None);
            desktop.CertificateSha256 = new byte[32];
            desktop.Succeed(DesktopState.Stopped, app.Clock.GetUtcNow());
            await services.GetRequiredService<DesktopsDb>().SaveChangesAsync();
            return desktop.Id;
        });
        var plan = await administrator.AddPlanAsync(new { groups = new[] { group, shut }, bundle = "enqueteur", atOnce = 5, waits = true });
        Assert.Contains("other-bundle", Findings(await administrator.OnPlanAsync(plan, "rehearse")));
        await administrator.OnPlanAsync(plan, "start");
        await app.LookAsync();

        var kept = Assert.Single(await app.WantedAsync([.. people, .. barred]));
        Assert.Equal((made, Bundle), (kept.Id, kept.Bundle));
        Assert.Equal(1, (await administrator.PlanAsync(plan)).GetProperty("run").GetProperty("steps")[0].GetProperty("barred").GetInt32());
        // While it runs it is not removed.
        using var removed = await administrator.SendJsonAsync(HttpMethod.Delete, $"/api/plans/{plan}", new { });
        await removed.ShouldBeProblemAsync(409, "plan-running");
    }

    [Fact]
    public async Task A_plan_that_makes_no_sense_is_refused_with_the_reason()
    {
        var administrator = await AdministratorAsync();
        var (group, _) = await app.AddGroupAsync(1);
        foreach (var (name, steps, reason) in new (string, object[], string)[]
                 {
                     ("", [Step(group)], "plan-name"), ("Rien", [], "plan-steps"), ("Sans groupe", [Step(Guid.NewGuid())], "plan-groups"),
                     ("Sans modèle", [Step(group, bundle: "../secret")], "unknown-bundle"), ("Trop", [Step(group, atOnce: 0)], "plan-at-once"),
                 })
        {
            using var answer = await administrator.PostJsonAsync("/api/plans", new { name, steps });
            await answer.ShouldBeProblemAsync(400, reason);
        }

        using var someone = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var refused = await someone.PostJsonAsync("/api/plans", new { name = "Non", steps = new[] { Step(group) } });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task The_command_line_rehearses_and_tells_how_far_it_is_and_says_what_is_wrong()
    {
        var administrator = await AdministratorAsync();
        var (group, _) = await app.AddGroupAsync(1);
        var plan = await administrator.AddPlanAsync(Step(group, bundle: "graphisme"));
        var name = (await administrator.PlanAsync(plan)).GetProperty("name").GetString() ?? "";
        var (code, found) = await SayAsync("plan rehearse", name);
        Assert.Equal(1, code);
        Assert.Contains("image-missing", Findings(JsonDocument.Parse(found).RootElement));
        Assert.Equal(1, (await SayAsync("plan status", name)).Code);
        await administrator.OnPlanAsync(plan, "start");
        (code, found) = await SayAsync("plan status", name);
        Assert.Equal((0, "working"), (code, JsonDocument.Parse(found).RootElement.GetProperty("state").GetString()));
        Assert.Equal(1, (await SayAsync("plan start", name)).Code);
        Assert.Equal(0, (await SayAsync("plan stop", name)).Code);
        Assert.Equal(1, (await SayAsync("plan show", "Aucun plan de ce nom")).Code);
        Assert.Equal(2, (await SayAsync("plan show")).Code);
        Assert.Contains(name, (await SayAsync("plan list")).Output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> SayAsync(string verb, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await PlanVerbs.All.Single(v => v.Name == verb).Run(new VerbCall(app.Services, arguments, output, error), CancellationToken.None);
        return (code, output.ToString());
    }

    private async Task<Browser> AdministratorAsync() => await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
}
