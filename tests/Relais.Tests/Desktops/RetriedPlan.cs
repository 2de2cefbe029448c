using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Fleet;
using static Relais.Tests.Desktops.PlanSamples;

namespace Relais.Tests.Desktops;

/// <summary>What failed in a run is tried again when an administrator says so.</summary>
public sealed class RetriedPlan(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task What_failed_is_tried_again_one_or_all_and_the_run_is_done_once_all_are_there()
    {
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var (group, people) = await app.AddGroupAsync(3);
        var plan = await administrator.AddPlanAsync(Step(group));
        await administrator.OnPlanAsync(plan, "start");
        await app.LookAsync();
        var desktops = (await app.WantedAsync(people)).ConvertAll(d => d.Id);
        await app.ReachAsync(desktops[0], Relais.Desktops.Desktops.DesktopState.Running);
        await FailAsync(desktops[1]);
        await FailAsync(desktops[2]);
        await app.LookAsync();
        await app.LookAsync();
        Assert.Equal(("withfailures", 2), await StateAsync(administrator, plan));
        var run = (await administrator.PlanAsync(plan)).GetProperty("run").GetProperty("id").GetGuid();

        await administrator.OnPlanAsync(plan, $"../runs/{run}/retry?desktop={desktops[1]}");
        Assert.Equal(("working", 1), await StateAsync(administrator, plan));
        using (var second = await administrator.PostJsonAsync($"/api/plans/{plan}/start", new { }))
            await second.ShouldBeProblemAsync(409, "plan-running");
        await app.LookAsync();
        await app.ReachAsync(desktops[1], Relais.Desktops.Desktops.DesktopState.Running);
        await app.LookAsync();
        await app.LookAsync();
        Assert.Equal(("withfailures", 1), await StateAsync(administrator, plan));

        await administrator.OnPlanAsync(plan, $"../runs/{run}/retry");
        await app.LookAsync();
        Assert.Equal(Relais.Desktops.Desktops.DesktopState.Waiting, (await app.DesktopAsync(desktops[2])).State);
        await app.ReachAsync(desktops[2], Relais.Desktops.Desktops.DesktopState.Running);
        await app.LookAsync();
        await app.LookAsync();
        Assert.Equal(("done", 0), await StateAsync(administrator, plan));
        using (var nothing = await administrator.PostJsonAsync($"/api/plans/runs/{run}/retry", new { }))
            await nothing.ShouldBeProblemAsync(409, "plan-nothing-failed");
        using (var missing = await administrator.PostJsonAsync($"/api/plans/runs/{Guid.NewGuid()}/retry", new { }))
            await missing.ShouldBeProblemAsync(404, "plan-run-missing");
    }

    [Fact]
    public async Task A_run_that_was_stopped_or_followed_by_another_begins_nothing_again()
    {
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var (group, people) = await app.AddGroupAsync(1);
        var plan = await administrator.AddPlanAsync(Step(group));
        await administrator.OnPlanAsync(plan, "start");
        await app.LookAsync();
        var desktop = Assert.Single(await app.WantedAsync(people)).Id;
        await FailAsync(desktop);
        await app.LookAsync();
        await app.LookAsync();
        var first = (await administrator.PlanAsync(plan)).GetProperty("run").GetProperty("id").GetGuid();
        await administrator.OnPlanAsync(plan, "start");
        using (var followed = await administrator.PostJsonAsync($"/api/plans/runs/{first}/retry", new { }))
            await followed.ShouldBeProblemAsync(409, "plan-running");
        Assert.Equal(1, await app.InAsync(services => services.GetRequiredService<DesktopsDb>().JobRows.CountAsync(r => r.DesktopId == desktop && r.State == FleetRowState.Failed)));

        await app.LookAsync();
        await FailAsync(desktop);
        await administrator.OnPlanAsync(plan, "stop");
        await app.LookAsync();
        await app.LookAsync();
        var stopped = (await administrator.PlanAsync(plan)).GetProperty("run").GetProperty("id").GetGuid();
        using var refused = await administrator.PostJsonAsync($"/api/plans/runs/{stopped}/retry", new { });
        await refused.ShouldBeProblemAsync(409, "plan-run-stopped");
    }

    private Task FailAsync(Guid id) => app.InAsync(async services =>
    {
        var db = services.GetRequiredService<DesktopsDb>();
        var desktop = await db.Desktops.SingleAsync(d => d.Id == id);
        for (var attempt = 0; attempt < FleetProgress.PatientAttempts; attempt++)
            desktop.Fail("engine-refused", "no space left", app.Clock.GetUtcNow());
        return await db.SaveChangesAsync();
    });

    private static async Task<(string?, int)> StateAsync(Browser administrator, Guid plan)
    {
        var run = (await administrator.PlanAsync(plan)).GetProperty("run");
        return (run.GetProperty("state").GetString(), run.GetProperty("counts").TryGetProperty("failed", out var failed) ? failed.GetInt32() : 0);
    }
}
