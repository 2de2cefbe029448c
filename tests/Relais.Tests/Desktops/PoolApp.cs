using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access;
using Relais.Access.Contracts;
using Relais.Access.Groups;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Pools;
using Relais.Gateway;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Tests.Desktops;

/// <summary>Pools of a server without an engine: the test says what the engine would have done.</summary>
internal static class PoolApp
{
    public const string Bundle = "bureau-standard";

    /// <summary>A pool for a group of its own, with so many people in the group.</summary>
    public static async Task<(Guid Pool, IReadOnlyList<TestPerson> People)> AddPoolAsync(this FleetApp app, int people, PoolFields? fields = null)
    {
        var name = $"Centre {Guid.NewGuid():N}"[..15];
        var members = new List<TestPerson>();
        for (var at = 0; at < people; at++)
            members.Add(await app.AddPersonAsync(Roles.Interviewer));
        var ids = members.ConvertAll(m => m.Id);
        var group = new Group { Name = name, NormalizedName = UniqueName.Normalize(name) };
        await app.InDatabaseAsync(async db =>
        {
            group.People.AddRange(await db.Access.People.Where(p => ids.Contains(p.Id)).ToListAsync());
            db.Access.Groups.Add(group);
            return await db.Access.SaveChangesAsync();
        });
        var saved = await app.InAsync(services => services.GetRequiredService<EditPools>().AddAsync(
            (fields ?? PoolFields.New) with { Name = name, Bundle = Bundle, Groups = [group.Id.ToString()] }, Actor.System, CancellationToken.None));
        Assert.Empty(saved.Faults);
        return (saved.Id ?? Guid.Empty, members);
    }

    public static Task<PoolClaim> ClaimAsync(this FleetApp app, Guid pool, TestPerson person, bool onlyHeld = false) => app.InAsync(services =>
        services.GetRequiredService<ClaimMember>().HandleAsync(pool, new PersonId(person.Id), onlyHeld, Actor.System, CancellationToken.None));

    public static async Task<Guid> GivenAsync(this FleetApp app, Guid pool, TestPerson person) =>
        Assert.IsType<PoolClaim.Given>(await app.ClaimAsync(pool, person)).Desktop.Id;

    /// <summary>A look of the server that leads.</summary>
    public static Task TendPoolsAsync(this FleetApp app) => app.InAsync(async services =>
    {
        await services.GetRequiredService<TendPools>().HandleAsync(CancellationToken.None);
        return true;
    });

    public static Task<List<Desktop>> MembersAsync(this FleetApp app, Guid pool) => app.InAsync(services =>
        services.GetRequiredService<DesktopsDb>().Desktops.AsNoTracking().Where(d => d.PoolId == pool).ToListAsync());

    /// <summary>What the reconciler does with rows that are to go.</summary>
    public static Task DestroyAsync(this FleetApp app, Guid pool) => app.InAsync(services =>
        services.GetRequiredService<DesktopsDb>().Desktops.Where(d => d.PoolId == pool && d.Wanted == Wanted.Deleted).ExecuteDeleteAsync());

    /// <summary>A session of a person on a desktop, which ended so; null while it is open.</summary>
    public static Task UseAsync(this FleetApp app, Guid desktop, TestPerson person, SessionEnd? end) => app.InAsync(async services =>
    {
        var target = new SessionTarget("desktop", desktop, "Bureau", new IPEndPoint(IPAddress.Loopback, 3389), "bureau", "x", []);
        var now = app.Clock.GetUtcNow();
        var session = Session.Open(
            new GrantRequest(new PersonId(person.Id), new SignInId(Guid.NewGuid()), target, ClipboardPolicy.None, 0x040C, TakeOver: true, null), "x", now);
        (session.End, session.EndedAt) = (end, end is null ? null : now);
        var db = services.GetRequiredService<GatewayDb>();
        db.Sessions.Add(session);
        return await db.SaveChangesAsync();
    });
}
