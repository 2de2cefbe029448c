using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Desktops.Plans;
using Relais.Desktops.Pools;
using static Relais.Tests.Desktops.PlanSamples;

namespace Relais.Tests.Desktops;

/// <summary>A plan that keeps desktops of a pool ready for as long as it runs.</summary>
public sealed class PlanPools(FleetApp app) : IClassFixture<FleetApp>
{
    private static readonly PoolFields Some = PoolFields.New with { Most = "6", Ready = "1" };

    [Fact]
    public async Task They_are_made_ready_before_the_next_step_and_go_back_when_the_plan_is_stopped()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var (pool, people) = await app.AddPoolAsync(5, Some);
        var (group, late) = await app.AddGroupAsync(1);
        var plan = await administrator.AddPlanAsync(new { pool, ready = 4, waits = true }, Step(group));
        var found = await administrator.OnPlanAsync(plan, "rehearse");
        Assert.Equal((4, 4 * 1500L), (found.GetProperty("steps")[0].GetProperty("new").GetInt32(), found.GetProperty("steps")[0].GetProperty("memoryMiB").GetInt64()));
        Assert.Equal(1, found.GetProperty("people").GetInt32());
        Assert.Contains("pool-short", Findings(found, blocks: false));

        await administrator.OnPlanAsync(plan, "start");
        // A server that is killed in between and looks again begins nothing twice.
        await LookAsync();
        await LookAsync();
        Assert.Equal(4, (await SparesAsync(pool)).Count);
        Assert.Empty(await app.WantedAsync(late));
        Assert.Equal(("working", 0), await StateAsync(administrator, plan));
        var held = await app.GivenAsync(pool, people[0]);
        foreach (var spare in await SparesAsync(pool))
            await app.ReachAsync(spare.Id, DesktopState.Running);
        await LookAsync();
        Assert.Single(await app.WantedAsync(late));
        await app.AllRunAsync(late);
        await LookAsync();
        await LookAsync();
        // One in use and three ready are four; and the plan holds them.
        Assert.Equal(("holding", 5), await StateAsync(administrator, plan));
        Assert.Equal(3, (await SparesAsync(pool)).Count);
        using (var again = await administrator.PostJsonAsync($"/api/plans/{plan}/start", new { }))
            await again.ShouldBeProblemAsync(409, "plan-running");

        await administrator.OnPlanAsync(plan, "stop");
        await LookAsync();
        Assert.Equal(("stopped", 5), await StateAsync(administrator, plan));
        Assert.Single(await SparesAsync(pool));
        Assert.Equal(Wanted.Running, (await app.DesktopAsync(held)).Wanted);
    }

    [Fact]
    public async Task A_step_that_its_pool_cannot_follow_is_refused_and_found_by_a_rehearsal()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var (pool, _) = await app.AddPoolAsync(1, Some);
        var (homes, _) = await app.AddPoolAsync(1, Some with { KeepsHome = true, Ready = "0" });
        foreach (var (steps, reason) in new (object[], string)[]
                 {
                     ([new { pool = Guid.NewGuid(), ready = 1 }], "plan-pool"), ([new { pool = homes, ready = 1 }], "plan-pool-homes"),
                     ([new { pool, ready = 7 }], "plan-pool-ready"), ([new { pool, ready = 0 }], "plan-pool-ready"),
                     ([new { pool, ready = 1 }, new { pool, ready = 2 }], "plan-pool-twice"),
                 })
        {
            using var answer = await administrator.PostJsonAsync("/api/plans", new { name = "Non", steps });
            await answer.ShouldBeProblemAsync(400, reason);
        }

        var plan = await administrator.AddPlanAsync(new { pool, ready = 6 });
        await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Pools.Where(p => p.Id == pool).ExecuteUpdateAsync(s => s.SetProperty(p => p.Most, 2)));
        Assert.Contains("pool-most", Findings(await administrator.OnPlanAsync(plan, "rehearse"), blocks: true));
        Assert.True(await app.InAsync(services => services.GetRequiredService<EditPools>().RemoveAsync(pool, Relais.Kernel.Audit.Actor.System, CancellationToken.None)));
        Assert.Contains("pool-gone", Findings(await administrator.OnPlanAsync(plan, "rehearse"), blocks: true));
        // And one that was started all the same is over.
        await administrator.OnPlanAsync(plan, "start");
        await LookAsync();
        await LookAsync();
        Assert.Equal("withfailures", (await StateAsync(administrator, plan)).State);
    }

    [Fact]
    public async Task One_that_is_stopped_on_its_way_tells_how_many_were_there()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var (pool, _) = await app.AddPoolAsync(1, Some);
        var plan = await administrator.AddPlanAsync(new { pool, ready = 3 });
        await administrator.OnPlanAsync(plan, "start");
        await LookAsync();
        await app.ReachAsync((await SparesAsync(pool))[0].Id, DesktopState.Running);
        await LookAsync();
        await administrator.OnPlanAsync(plan, "stop");
        await LookAsync();
        await LookAsync();
        Assert.Equal(("stopped", 1), await StateAsync(administrator, plan));
        Assert.Equal(2, (await administrator.PlanAsync(plan)).GetProperty("run").GetProperty("counts").GetProperty("leftout").GetInt32());
    }

    [Fact]
    public void It_is_reached_when_all_are_there_or_failed_and_counts_what_was_there()
    {
        var step = new PlanStep { Pool = Guid.NewGuid(), Ready = 4 };
        Assert.False(PoolSteps.IsReached(step, new HeldPool(6, 3, 0)));
        Assert.True(PoolSteps.IsReached(step, new HeldPool(6, 3, 1)));
        Assert.True(PoolSteps.IsReached(step, new HeldPool(2, 2, 0)));
        Assert.True(PoolSteps.IsReached(step, null));

        var run = new PlanRun { ActorId = "system", ActorName = "Relais" };
        var begun = new PlanRunStep { Step = step, BegunAt = DateTimeOffset.UnixEpoch, ReachedAt = DateTimeOffset.UnixEpoch, Started = 3 };
        Assert.Equal(new Dictionary<FleetRowState, int> { [FleetRowState.Done] = 2, [FleetRowState.Failed] = 1, [FleetRowState.Doing] = 1 }, PoolSteps.CountsOf(run, begun, new HeldPool(6, 2, 1)));
        run.FinishedAt = DateTimeOffset.UnixEpoch;
        Assert.Equal(new Dictionary<FleetRowState, int> { [FleetRowState.Done] = 3, [FleetRowState.Failed] = 1 }, PoolSteps.CountsOf(run, begun, null));
        Assert.Empty(PoolSteps.CountsOf(run, new PlanRunStep { Step = step }, null));
    }

    private async Task LookAsync()
    {
        await app.LookAsync();
        await app.TendPoolsAsync();
    }

    private async Task<List<Desktop>> SparesAsync(Guid pool) => (await app.MembersAsync(pool)).FindAll(m => m.IsSpare && m.Wanted != Wanted.Deleted);

    private static async Task<(string? State, int Done)> StateAsync(Browser administrator, Guid plan)
    {
        var run = (await administrator.PlanAsync(plan)).GetProperty("run");
        return (run.GetProperty("state").GetString(), run.GetProperty("counts").TryGetProperty("done", out var done) ? done.GetInt32() : 0);
    }
}
