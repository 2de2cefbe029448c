using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Desktops.Pools;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Tests.Desktops;

public sealed class PoolClaims(FleetApp app) : IClassFixture<FleetApp>
{
    private static readonly PoolFields Some = PoolFields.New with { Most = "6", Ready = "2" };

    [Fact]
    public async Task Many_who_open_at_once_each_get_one_and_nobody_anothers()
    {
        var (pool, people) = await app.AddPoolAsync(10, Some with { Ready = "4" });
        await app.TendPoolsAsync();
        Assert.Equal(4, (await app.MembersAsync(pool)).Count);

        // Each from two windows, while the reconciler tends the pool.
        var asked = people.Concat(people).Select(p => (Person: p, Claim: app.ClaimAsync(pool, p))).ToList();
        await Task.WhenAll([.. asked.Select(a => (Task)a.Claim), app.TendPoolsAsync(), app.TendPoolsAsync()]);
        var given = new List<(Guid Person, Guid Desktop)>();
        foreach (var (person, claim) in asked)
        {
            if (await claim is PoolClaim.Given got)
                given.Add((person.Id, got.Desktop.Id));
            else
                Assert.IsType<PoolClaim.Full>(await claim);
        }

        Assert.Equal(6, given.Select(g => g.Person).Distinct().Count());
        Assert.All(given.GroupBy(g => g.Person), g => Assert.Single(g.Select(x => x.Desktop).Distinct()));
        Assert.All(given.GroupBy(g => g.Desktop), g => Assert.Single(g.Select(x => x.Person).Distinct()));
        var members = await app.MembersAsync(pool);
        Assert.Equal(6, members.Count);
        Assert.Equal(6, members.Select(m => m.Slot).Distinct().Count());
        Assert.All(given, g => Assert.Equal(g.Person, members.Single(m => m.Id == g.Desktop).PersonId));
    }

    [Fact]
    public async Task A_desktop_whose_session_is_over_goes_and_nobody_gets_it_again()
    {
        var (pool, people) = await app.AddPoolAsync(2, Some with { Ready = "1" });
        await app.TendPoolsAsync();
        var first = await app.GivenAsync(pool, people[0]);
        await app.TendPoolsAsync();
        Assert.Equal(2, (await app.MembersAsync(pool)).Count);
        Assert.Single(await app.MembersAsync(pool), m => m.IsSpare);

        await app.UseAsync(first, people[0], SessionEnd.AccessWithdrawn);
        await app.TendPoolsAsync();
        Assert.Equal(Wanted.Deleted, (await app.DesktopAsync(first)).Wanted);
        var others = new[] { await app.GivenAsync(pool, people[1]), await app.GivenAsync(pool, people[0]) };
        Assert.DoesNotContain(first, others);
        Assert.Equal(2, others.Distinct().Count());
        Assert.IsType<PoolClaim.Given>(await app.ClaimAsync(pool, people[0], onlyHeld: true));
    }

    [Fact]
    public async Task A_cut_and_a_closed_page_are_waited_for_and_then_the_desktop_goes()
    {
        var (pool, people) = await app.AddPoolAsync(3, Some);
        var (cut, closed, never) = (await app.GivenAsync(pool, people[0]), await app.GivenAsync(pool, people[1]), await app.GivenAsync(pool, people[2]));
        await app.UseAsync(cut, people[0], null);
        await app.UseAsync(closed, people[1], SessionEnd.Left);

        await app.TendPoolsAsync();
        Assert.DoesNotContain(await app.MembersAsync(pool), m => m.Wanted == Wanted.Deleted);
        app.Clock.Advance(TimeSpan.FromSeconds(16));
        await app.TendPoolsAsync();
        Assert.Equal([closed], (await app.MembersAsync(pool)).Where(m => m.Wanted == Wanted.Deleted).Select(m => m.Id));
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await app.TendPoolsAsync();
        Assert.Equal(
            new[] { cut, closed, never }.Order(), (await app.MembersAsync(pool)).Where(m => m.Wanted == Wanted.Deleted).Select(m => m.Id).Order());
        // The page that resumes begins nothing new.
        Assert.IsType<PoolClaim.Over>(await app.ClaimAsync(pool, people[0], onlyHeld: true));
    }

    [Fact]
    public async Task A_kept_home_goes_from_desktop_to_desktop_and_is_never_in_two()
    {
        var (pool, people) = await app.AddPoolAsync(2, Some with { KeepsHome = true, Ready = "0" });
        await app.TendPoolsAsync();
        Assert.Empty(await app.MembersAsync(pool));

        var first = await app.DesktopAsync(await app.GivenAsync(pool, people[0]));
        Assert.NotNull(first.HomeId);
        Assert.NotEqual(first.HomeVolume, (await app.DesktopAsync(await app.GivenAsync(pool, people[1]))).HomeVolume);
        await app.UseAsync(first.Id, people[0], SessionEnd.EndedByAdministrator);
        await app.TendPoolsAsync();
        Assert.IsType<PoolClaim.Leaving>(await app.ClaimAsync(pool, people[0]));
        await app.DestroyAsync(pool);

        var second = await app.DesktopAsync(await app.GivenAsync(pool, people[0]));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.HomeVolume, second.HomeVolume);
    }

    [Fact]
    public async Task Who_is_in_none_of_its_groups_gets_nothing_and_a_personal_desktop_stays_beside()
    {
        var (pool, people) = await app.AddPoolAsync(1, Some);
        var stranger = await app.AddPersonAsync();
        Assert.IsType<PoolClaim.Missing>(await app.ClaimAsync(pool, stranger));
        Assert.IsType<PoolClaim.Missing>(await app.ClaimAsync(Guid.NewGuid(), people[0]));

        var member = await app.GivenAsync(pool, people[0]);
        var own = await app.InAsync(services => services.GetRequiredService<MyDesktop>().FindOrAllocateAsync(
            new Relais.Access.Contracts.PersonId(people[0].Id), Actor.System, CancellationToken.None));
        Assert.NotEqual(member, own.Id);
        await app.TendAsync();
        Assert.Equal(Wanted.Running, (await app.DesktopAsync(member)).Wanted);
    }

    [Fact]
    public async Task A_pool_that_changes_or_goes_takes_its_desktops_and_homes_with_it()
    {
        var (pool, people) = await app.AddPoolAsync(1, Some);
        await app.TendPoolsAsync();
        var member = await app.GivenAsync(pool, people[0]);
        var row = await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Pools.AsNoTracking().SingleAsync(p => p.Id == pool));
        var changed = await app.InAsync(services => services.GetRequiredService<EditPools>().ChangeAsync(
            pool, PoolFields.Of(row) with { Bundle = "enqueteur" }, Actor.System, CancellationToken.None));
        Assert.Empty(changed.Faults);
        await app.TendPoolsAsync();
        var spares = (await app.MembersAsync(pool)).Where(m => m.IsSpare && m.Wanted == Wanted.Running).ToList();
        Assert.Equal(2, spares.Count);
        Assert.All(spares, s => Assert.Equal("enqueteur", s.Bundle));
        Assert.Equal(Wanted.Running, (await app.DesktopAsync(member)).Wanted);

        var (homes, owners) = await app.AddPoolAsync(1, Some with { KeepsHome = true, Ready = "0" });
        var kept = await app.DesktopAsync(await app.GivenAsync(homes, owners[0]));
        foreach (var gone in new[] { pool, homes })
            Assert.True(await app.InAsync(services => services.GetRequiredService<EditPools>().RemoveAsync(gone, Actor.System, CancellationToken.None)));
        Assert.All(await app.MembersAsync(pool), m => Assert.Equal(Wanted.Deleted, m.Wanted));
        // What is left of the home is a row that has its volume deleted.
        Assert.Contains(await app.MembersAsync(homes), m => m.HomeId is null && m.HomeVolume == kept.HomeVolume && m.Wanted == Wanted.Deleted);
        Assert.IsType<PoolClaim.Missing>(await app.ClaimAsync(pool, people[0]));
    }

    [Fact]
    public void One_of_a_pool_can_be_restarted_resized_and_deleted_and_nothing_else()
    {
        var now = DateTimeOffset.UnixEpoch;
        var facts = new FleetFacts(null, true, TimeSpan.FromDays(7));
        foreach (var action in Enum.GetValues<FleetAction>())
        {
            var member = Desktop.OfPool(Guid.NewGuid(), Guid.Empty, null, PoolApp.Bundle, 0, "x", now);
            var possible = action is FleetAction.Restart or FleetAction.Resize or FleetAction.Delete;
            Assert.Equal(possible ? null : PoolRules.OfPool, FleetRules.Apply(action, new FleetArguments(), member, facts, now));
            Assert.Null(member.DeleteAt);
        }
    }
}
