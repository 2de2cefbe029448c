using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Pools;

/// <summary>
/// The pools that a person may use, as native clients list and open them by themselves. The entry is the pool: behind it is the desktop that the person
/// has of it, or a new one.
/// </summary>
internal sealed class NativePools(ListPools pools, OpenMemberNatively open, DesktopsEngine engine) : INativeTargets
{
    public string Kind => "pool";

    public async Task<IReadOnlyList<NativeResource>> ListAsync(NativeCaller caller, CancellationToken cancel)
    {
        if (engine.Missing is not null || engine.Network is null)
            return [];
        return
        [
            .. from mine in await pools.OfAsync(caller.Person.Id, cancel)
               let bundle = engine.Find(mine.Pool.Bundle)
               where bundle is { Watermark: not "on" }
               select new NativeResource(Kind, mine.Pool.Id, mine.Pool.Name, bundle.ClipboardPolicy, Inspected: true) { Picture = "desktop" },
        ];
    }

    public async Task<NativeOpening> OpenAsync(NativeCaller caller, Guid id, bool inspected, SessionId? resume, CancellationToken cancel) =>
        inspected ? (await open.HandleAsync(id, Opener.Of(caller, inspected), resume?.Value, cancel)).AsNative() : new NativeOpening.Refused("pool-missing");
}

/// <summary>Claims a desktop of a pool for a native client and opens it, by the rules of the browser's way.</summary>
internal sealed class OpenMemberNatively(
    DesktopsDb db, ClaimMember claim, DressSpare dress, MyDesktop mine, DesktopsEngine engine, People people, SessionDoor door, AccessConditions conditions,
    IStringLocalizer<DesktopsTexts> text, IStringLocalizer<PoolsTexts> words, TimeProvider clock)
{
    public async Task<Opening> HandleAsync(Guid pool, Opener opener, Guid? resume, CancellationToken cancel)
    {
        // Before a desktop is made for a client that may not show it: one of another maker shows no name over the picture.
        var named = await db.Pools.AsNoTracking().Where(p => p.Id == pool).Select(p => p.Bundle).SingleOrDefaultAsync(cancel);
        if (named is not null && engine.Find(named) is { Watermark: "on" })
            return new Opening(Refusal: Kernel.Problems.Refused("watermark-native", text["Open.WatermarkNative"]));
        return await OpenMember.GrantAsync(
            pool, new OpenDesktop.Request(TakeOver: true, resume), opener, claim, dress, mine, db, engine, people, door, conditions, text, words, clock, cancel);
    }
}
