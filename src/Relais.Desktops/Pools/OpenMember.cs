using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
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
        Guid id, OpenDesktop.Request request, HttpContext context, ClaimMember claim, MyDesktop mine, DesktopsDb db, DesktopsEngine engine, People people,
        SessionDoor door, AccessConditions conditions, IStringLocalizer<DesktopsTexts> text, IStringLocalizer<PoolsTexts> words, TimeProvider clock, CancellationToken cancel)
    {
        var opener = Opener.Of(context, GrantDoor.Browser);
        // Before anything is claimed for somebody who may not open it now.
        if (await conditions.RefusalAsync(opener, AccessTarget.Desktop, cancel) is { Refusal: { } barred })
            return barred;
        if (OpenDesktop.Absence(engine, text) is { } absence)
            return absence;
        var onlyHeld = request is { TakeOver: false, Resume: not null };
        return await claim.HandleAsync(id, opener.Person, onlyHeld, opener.Actor, cancel) switch
        {
            PoolClaim.Given given => OpenDesktop.Answer(await OpenDesktop.GrantOnAsync(given.Desktop, request, opener, mine, db, engine, people, door, text, clock, cancel)),
            PoolClaim.Full => Problems.Unavailable("pool-full", words["Open.Full"]),
            PoolClaim.Leaving => TypedResults.Accepted((string?)null, new ScreenProgress("creating", clock.GetUtcNow(), UsualSeconds)),
            PoolClaim.Over => Problems.Conflict("pool-over", words["Open.Over"]),
            _ => Problems.Missing("pool-missing", words["Open.Missing"]),
        };
    }

    private const int UsualSeconds = 10;
}
