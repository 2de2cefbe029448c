using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Pools;
using Relais.Gateway;

namespace Relais.Tests.Desktops;

/// <summary>Who may not use a pool any more loses the desktop that they have of it.</summary>
public sealed class PoolRights(FleetApp app) : IClassFixture<FleetApp>
{
    private static readonly PoolFields Some = PoolFields.New with { Most = "6", Ready = "0" };

    [Fact]
    public async Task Who_leaves_the_group_is_told_first_and_then_the_desktop_goes_and_others_keep_theirs()
    {
        var (pool, people) = await app.AddPoolAsync(2, Some);
        var (left, kept) = (await app.GivenAsync(pool, people[0]), await app.GivenAsync(pool, people[1]));
        await app.UseAsync(left, people[0], null);
        await app.UseAsync(kept, people[1], null);
        await LookAsync();
        Assert.Equal(0, await EndedAsync(left));

        await LeaveAsync(people[0]);
        await LookAsync();
        Assert.Equal((1, Wanted.Running), (await EndedAsync(left), (await app.DesktopAsync(left)).Wanted));
        Assert.IsType<PoolClaim.Missing>(await app.ClaimAsync(pool, people[0], onlyHeld: true));
        await LookAsync();
        await LookAsync();
        Assert.Equal(Wanted.Deleted, (await app.DesktopAsync(left)).Wanted);
        Assert.Equal((0, Wanted.Running), (await EndedAsync(kept), (await app.DesktopAsync(kept)).Wanted));
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "pool.withdrawn" && l.Subject == $"pool:{pool}")));
    }

    [Fact]
    public async Task A_desktop_that_still_starts_goes_too_and_with_an_account_that_is_shut()
    {
        var (pool, people) = await app.AddPoolAsync(2, Some);
        var (early, shut) = (await app.GivenAsync(pool, people[0]), await app.GivenAsync(pool, people[1]));
        await LeaveAsync(people[0]);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == people[1].Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
        await LookAsync();
        Assert.Equal((Wanted.Deleted, Wanted.Deleted), ((await app.DesktopAsync(early)).Wanted, (await app.DesktopAsync(shut)).Wanted));
    }

    [Theory]
    [InlineData(WayIn.Open, true, true)]
    [InlineData(WayIn.NotInvited, true, true)]
    [InlineData(WayIn.Open, false, false)]
    [InlineData(WayIn.Disabled, true, false)]
    [InlineData(WayIn.Ended, true, false)]
    [InlineData(null, true, false)]
    public void May_use_it_who_is_in_a_group_and_can_sign_in(WayIn? way, bool isIn, bool may)
    {
        var pool = new Pool { Name = "P", NormalizedName = "P", Bundle = PoolApp.Bundle, Groups = [Guid.NewGuid()] };
        Assert.Equal(may, PoolRules.MayUse(pool, way, _ => isIn));
        Assert.False(PoolRules.MayUse(null, way, _ => isIn));
    }

    private Task LookAsync() => app.InAsync(async services =>
    {
        await services.GetRequiredService<WithdrawMembers>().HandleAsync(CancellationToken.None);
        return true;
    });

    private Task LeaveAsync(TestPerson person) => app.InAsync(async services =>
    {
        var db = services.GetRequiredService<AccessDb>();
        (await db.People.Include(p => p.Groups).SingleAsync(p => p.Id == person.Id)).Groups.Clear();
        return await db.SaveChangesAsync();
    });

    private Task<int> EndedAsync(Guid desktop) => app.InAsync(services =>
        services.GetRequiredService<GatewayDb>().Sessions.CountAsync(s => s.TargetId == desktop && s.EndAsked == "AccessWithdrawn"));
}
