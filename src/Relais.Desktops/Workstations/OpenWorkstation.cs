using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Gateway.Contracts;
using Relais.Kernel;
using Relais.Portal.Remote;
using Relais.Portal.Security;

namespace Relais.Desktops.Workstations;

/// <summary>
/// A person opens a workstation of the office: found, woken up if it sleeps, recognised by its certificate. While it wakes up the answer
/// is 202, to be asked again; then 200 with a token that opens it once.
/// </summary>
internal sealed class OpenWorkstation(
    AllowedWorkstations allowed, DesktopsDb db, KnockAtWorkstation knock, WakeWorkstation wake, GiveAccount accounts, People people,
    SessionDoor door, AccessConditions conditions, IOptions<WorkstationOptions> options, IStringLocalizer<WorkstationsTexts> text, TimeProvider clock)
{
    private const int UsualWakeSeconds = 40;
    private const int UsualReturnSeconds = 5;

    /// <param name="TakeOver">Whether the person asked, and not the page that resumes by itself.</param>
    /// <param name="Resume">The session to go on with after a cut.</param>
    /// <param name="Displace">Whether somebody else's session there may be ended for this one: the person was told whose.</param>
    public sealed record Request(bool TakeOver, Guid? Resume, bool Displace = false);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/workstations/{id:guid}/open", Answer).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("OpenWorkstation").WithSummary("Open a workstation that one may open").WithTags("Workstations");

    private static async Task<Results<Ok<ScreenOpened>, Accepted<ScreenProgress>, ProblemHttpResult>> Answer(
        Guid id, Request request, HttpContext context, OpenWorkstation open, CancellationToken cancel)
    {
        var opening = await open.HandleAsync(id, request, Opener.Of(context, GrantDoor.Browser), cancel);
        if (opening.Refusal is { } refusal)
            return refusal;
        if (opening.Granted is not { Asked: { } asked, Grant: { } grant })
            return TypedResults.Accepted((string?)null, opening.Progress);
        return TypedResults.Ok(new ScreenOpened(
            grant.Session.Value, grant.Token, grant.ExpiresAt, GatewayOf(asked.Target.Protocol), asked.Target.Name, asked.KeyboardLayout,
            Clipboards.Of(asked.Clipboard), "reconnect")
        {
            Watermark = opening.Granted.Watermark,
        });
    }

    public async Task<Opening> HandleAsync(Guid id, Request request, Opener opener, CancellationToken cancel)
    {
        if (await allowed.FindAsync(id, opener.Person, cancel) is not { } workstation)
            return new Opening(Refusal: Problems.Missing("workstation-missing", text["Open.Missing"]));
        if (await conditions.RefusalAsync(opener, AccessTarget.Workstation, cancel) is { } barred)
            return barred;
        if (await RefusalOfAsync(workstation, opener, cancel) is { } refusal)
            return new Opening(Refusal: refusal);

        switch (await knock.HandleAsync(workstation, cancel))
        {
            case Knock.AddressRefused:
                return new Opening(Refusal: Problems.Refused("workstation-address", text["Open.AddressRefused"]));
            case Knock.NameUnknown:
                return new Opening(Refusal: Problems.Unavailable("workstation-unreachable", text["Open.NameUnknown"]));
            case Knock.SiteAway { State: SiteState.Away }:
                return new Opening(Refusal: Problems.Unavailable("workstation-site-away", text["Open.SiteAway", workstation.Site ?? ""]));
            case Knock.SiteAway:
                // Cut a moment ago, and agents come back by themselves.
                return new Opening(Progress: new ScreenProgress("starting", clock.GetUtcNow(), UsualReturnSeconds, "site"));
            case Knock.SiteRefused:
                return new Opening(Refusal: Problems.Refused("workstation-site-refused", text["Open.SiteRefused", workstation.Site ?? ""]));
            case Knock.Silent:
                return await WaitAsync(workstation, cancel);
            case Knock.Answers answers:
                if (workstation.PinState == PinState.Changed)
                    return new Opening(Refusal: Problems.Refused("workstation-changed", text["Open.Changed"]));
                return await GrantAsync(workstation, answers.Address, request, opener, cancel);
            default:
                return new Opening(Progress: new ScreenProgress("starting", clock.GetUtcNow(), 1, "looking"));
        }
    }

    private async Task<ProblemHttpResult?> RefusalOfAsync(Workstation workstation, Opener opener, CancellationToken cancel)
    {
        if (!workstation.Enabled)
            return Problems.Refused("workstation-disabled", text["Open.Disabled"]);
        if (!workstation.Direct && !await FromOwnDesktopAsync(db, opener.Person, opener.From, cancel))
            return Problems.Refused("workstation-from-desktop", text["Open.FromDesktop"]);
        if (!options.Value.PortsOf(workstation.Protocol).Contain(workstation.Port))
            return Problems.Refused("workstation-port", text["Open.Port"]);
        return opener.Door == GrantDoor.Native && workstation.Protocol != TargetProtocol.Rdp
            ? Problems.Refused("workstation-not-rdp", text["Open.NotRdp"])
            : null;
    }

    // The door of a workstation that opens only from within: the person's own desktop, by the address that the server saw.
    internal static async Task<bool> FromOwnDesktopAsync(DesktopsDb db, PersonId person, IPAddress? from, CancellationToken cancel)
    {
        // Also one of a pool, as long as the person has it.
        var desktops = await db.Desktops.Where(d => d.PersonId == person.Value && d.Wanted != Wanted.Deleted).Select(d => d.Address).ToListAsync(cancel);
        return from is not null && desktops.Exists(d => IPEndPoint.TryParse(d ?? "", out var end) && TargetAddress.Plain(from).Equals(end.Address));
    }

    private async Task<Opening> WaitAsync(Workstation workstation, CancellationToken cancel)
    {
        if (workstation.Mac is not { } mac)
            return new Opening(Refusal: Problems.Unavailable("workstation-unreachable", text["Open.Silent"]));

        var now = clock.GetUtcNow();
        // Somebody who gave up long ago does not shorten the wait of who asks now.
        var awaited = workstation.WakeSentAt is { } last && now - last < 3 * options.Value.WakeAgain;
        var since = awaited ? workstation.WakingSince ?? now : now;
        var tooLong = now - since > options.Value.WakeTime;
        var send = !tooLong && (workstation.WakeSentAt is not { } sent || now - sent >= options.Value.WakeAgain);
        // Whoever asks after that starts anew.
        workstation.WakingSince = tooLong ? null : since;
        if (send)
            workstation.WakeSentAt = now;
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else waits for it too and was first; one packet is enough.
            send = false;
        }

        if (tooLong)
            return new Opening(Refusal: Problems.Unavailable("workstation-unreachable", text["Open.DidNotWake"]));
        if (send)
            await wake.SendAsync(mac, workstation.Site, cancel);
        return new Opening(Progress: new ScreenProgress("starting", since, UsualWakeSeconds, "waking"));
    }

    private async Task<Opening> GrantAsync(
        Workstation workstation, IPEndPoint address, Request request, Opener opener, CancellationToken cancel)
    {
        var (person, signIn) = (opener.Person, opener.SignIn);
        var card = await people.FindAsync(person, cancel);
        var layout = Keyboards.IdentifierOf(card?.KeyboardLayout);
        var account = opener.Inspected == false ? null : await accounts.FindAsync(workstation.Id, person, signIn, cancel);
        var resume = request.Resume is { } id ? new SessionId(id) : (SessionId?)null;
        // A native client lets the workstation itself ask, when that can be done before anything else is shown.
        var asksItself = opener is { Door: GrantDoor.Native, Inspected: not true } && workstation.WantsSignIn;
        if (account is null && resume is null && !asksItself)
            return new Opening(Refusal: Problems.Conflict("workstation-account", text["Open.Account"]));

        var target = new SessionTarget(
            EditWorkstations.TargetKind, workstation.Id, workstation.Name, address, account?.UserName ?? "", account?.Password ?? "", workstation.Pin ?? [],
            workstation.WantsSignIn ? RdpSecurity.Nla : RdpSecurity.Tls)
        {
            Protocol = workstation.Protocol,
            Recording = workstation.Recording,
            Site = workstation.Site,
        };
        var asked = new GrantRequest(person, signIn, target, workstation.Clipboard, layout, request.TakeOver, resume, opener.Door)
        {
            KeepAccount = account is null && resume is not null && !asksItself,
            // A native client cannot ask its person.
            Displace = request.Displace || opener.Door == GrantDoor.Native,
        };
        switch (await door.GrantAsync(asked, opener.Actor, cancel))
        {
            case GrantResult.Elsewhere:
                return new Opening(Refusal: Problems.Conflict("desktop-elsewhere"));
            case GrantResult.Occupied { By: var other }:
                var name = (await people.FindAsync(other, cancel))?.DisplayName ?? text["Open.Somebody"];
                return new Opening(Refusal: Problems.Conflict("workstation-occupied", text["Open.Occupied", name]));
            case GrantResult.TooMany:
                return new Opening(Refusal: Problems.Conflict("too-many-sessions", text["Open.TooMany"]));
            case GrantResult.Over:
                return new Opening(Refusal: Problems.Conflict("workstation-account", text["Open.Account"]));
            case GrantResult.Full:
                return new Opening(Refusal: Problems.Unavailable("server-full", text["Open.Full"]));
            case GrantResult.NotRecordable { Why: var obstacle }:
                return new Opening(Refusal: Problems.Unavailable("not-recordable", text[$"Open.NotRecordable.{obstacle}"]));
            case GrantResult.Granted { Grant: { } grant }:
                await accounts.UsedAsync(workstation.Id, person, signIn, cancel);
                return new Opening(new Granted(asked, grant)
                {
                    Watermark = options.Value.Watermark && card is not null ? $"{card.DisplayName} · {card.UserName}" : null,
                });
            default:
                throw new InvalidOperationException("The gateway gave an answer that this does not know.");
        }
    }

    private static string GatewayOf(TargetProtocol protocol) => protocol switch
    {
        TargetProtocol.Rdp => "/gateway/rdp",
        TargetProtocol.Vnc => "/gateway/vnc",
        TargetProtocol.Ssh => "/gateway/ssh",
    };
}
