using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Desktops.Transfer;
using Relais.Gateway.Contracts;
using Relais.Kernel;
using Relais.Portal.Remote;
using Relais.Portal.Security;

namespace Relais.Desktops.Pools;

/// <summary>
/// A person opens a desktop of a pool that they may use. As for one's own: 202 while it is made ready, to be asked again; then 200 with a token.
/// </summary>
internal static class OpenMember
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/desktops/pools/{id:guid}/open", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("OpenPoolDesktop").WithSummary("Open a desktop of a pool");

    internal static async Task<Results<Ok<ScreenOpened>, Accepted<ScreenProgress>, ProblemHttpResult>> Handle(
        Guid id, OpenDesktop.Request request, HttpContext context, ClaimMember claim, DressSpare dress, MyDesktop mine, DesktopsDb db, DesktopsEngine engine, People people,
        SessionDoor door, AccessConditions conditions, IStringLocalizer<DesktopsTexts> text, IStringLocalizer<PoolsTexts> words,
        IStringLocalizer<TransferTexts> rules, TimeProvider clock, CancellationToken cancel)
    {
        var opener = Opener.Of(context, GrantDoor.Browser);
        return OpenDesktop.Answer(await GrantAsync(id, request, opener, claim, dress, mine, db, engine, people, door, conditions, text, words, clock, cancel), rules);
    }

    /// <summary>The same for whichever client.</summary>
    internal static async Task<Opening> GrantAsync(
        Guid id, OpenDesktop.Request request, Opener opener, ClaimMember claim, DressSpare dress, MyDesktop mine, DesktopsDb db, DesktopsEngine engine, People people,
        SessionDoor door, AccessConditions conditions, IStringLocalizer<DesktopsTexts> text, IStringLocalizer<PoolsTexts> words, TimeProvider clock,
        CancellationToken cancel)
    {
        // Before anything is claimed for somebody who may not open it now.
        if (await conditions.RefusalAsync(opener, AccessTarget.Desktop, cancel) is { } barred)
            return barred;
        if (OpenDesktop.Absence(engine, text) is { } absence)
            return new Opening(Refusal: absence);
        var onlyHeld = request is { TakeOver: false, Resume: not null };
        var claimed = await claim.HandleAsync(id, opener.Person, onlyHeld, opener.Actor, cancel);
        if (claimed is PoolClaim.Given { Desktop: var member })
            await dress.HandleAsync(member, cancel);
        return claimed switch
        {
            PoolClaim.Given given => await OpenDesktop.GrantOnAsync(given.Desktop, request, opener, mine, db, engine, people, door, text, clock, cancel),
            PoolClaim.Full => new Opening(Refusal: Problems.Unavailable("pool-full", words["Open.Full"])),
            PoolClaim.Leaving => new Opening(Progress: new ScreenProgress("creating", clock.GetUtcNow(), UsualSeconds)),
            PoolClaim.Over => new Opening(Refusal: Problems.Conflict("pool-over", words["Open.Over"])),
            _ => new Opening(Refusal: Problems.Missing("pool-missing", words["Open.Missing"])),
        };
    }

    private const int UsualSeconds = 10;
}
