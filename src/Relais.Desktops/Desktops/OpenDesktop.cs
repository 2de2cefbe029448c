using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Capacity;
using Relais.Desktops.Engine;
using Relais.Desktops.Fleet;
using Relais.Desktops.Workstations;
using Relais.Gateway.Contracts;
using Relais.Kernel;
using Relais.Portal.Remote;
using Relais.Portal.Security;

namespace Relais.Desktops.Desktops;

/// <summary>
/// A person opens their desktop: allocated, created, started or resumed as needed. While that goes on the answer is 202 with
/// what is being done, to be asked again; then 200 with a token that opens it once.
/// </summary>
internal static class OpenDesktop
{
    // The first failures are retried within seconds; after these the person is told.
    private const int PatientAttempts = 3;

    // xrdp 0.9 answers a live resize before it has stopped sending pictures of the old size, which IronRDP does not survive.
    private const string ResizeByConnecting = "reconnect";

    private static readonly TimeSpan Knock = TimeSpan.FromMilliseconds(500);

    /// <param name="TakeOver">Whether the person asked, and not the page that resumes by itself.</param>
    /// <param name="Resume">The session to go on with after a cut.</param>
    public sealed record Request(bool TakeOver, Guid? Resume);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/desktops/mine/open", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("OpenMyDesktop").WithSummary("Open one's own desktop");

    /// <param name="workstation">What the desktop's own browser is to open once the desktop is there.</param>
    internal static async Task<Results<Ok<ScreenOpened>, Accepted<ScreenProgress>, ProblemHttpResult>> Handle(
        Guid? workstation, Request request, HttpContext context, [FromServices] RelayThroughDesktop through, MyDesktop mine, DesktopsDb db, DesktopsEngine engine,
        People people, SessionDoor door, AccessConditions conditions, IStringLocalizer<DesktopsTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        var opening = await GrantAsync(request, Opener.Of(context, GrantDoor.Browser), mine, db, engine, people, door, conditions, text, clock, cancel);
        // Once: a page that resumes finds there what it left.
        if (workstation is { } wanted && request.TakeOver && opening.Granted is { } shown)
            await through.ShowAsync(wanted, context.User.PersonId(), shown.Asked.Target.Id, cancel);
        return Answer(opening);
    }

    /// <summary>The answer for a page that shows a desktop.</summary>
    internal static Results<Ok<ScreenOpened>, Accepted<ScreenProgress>, ProblemHttpResult> Answer(Opening opening)
    {
        if (opening.Refusal is { } refusal)
            return refusal;
        if (opening.Granted is not { } granted)
            return TypedResults.Accepted((string?)null, opening.Progress);
        return TypedResults.Ok(new ScreenOpened(
            granted.Grant.Session.Value, granted.Grant.Token, granted.Grant.ExpiresAt, "/gateway/rdp", granted.Asked.Target.Name,
            granted.Asked.KeyboardLayout, Clipboards.Of(granted.Asked.Clipboard), ResizeByConnecting)
        {
            Watermark = granted.Watermark,
            Files = granted.Files,
            Prints = granted.Prints,
        });
    }

    internal static async Task<Opening> GrantAsync(
        Request request, Opener opener, MyDesktop mine, DesktopsDb db, DesktopsEngine engine, People people, SessionDoor door,
        AccessConditions conditions, IStringLocalizer<DesktopsTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        if (await conditions.RefusalAsync(opener, AccessTarget.Desktop, cancel) is { } barred)
            return barred;
        if (Absence(engine, text) is { } absence)
            return new Opening(Refusal: absence);
        var desktop = await mine.FindOrAllocateAsync(opener.Person, opener.Actor, cancel);
        return await GrantOnAsync(desktop, request, opener, mine, db, engine, people, door, text, clock, cancel);
    }

    /// <summary>Why no desktop opens here at all; null when some do.</summary>
    internal static ProblemHttpResult? Absence(DesktopsEngine engine, IStringLocalizer<DesktopsTexts> text) => engine.Missing is { } missing
        ? Problems.Unavailable("no-desktops-here", $"{text["Card.Missing"]}. {text["Card.MissingWhy"]} {text[$"Missing.{missing.Reason}", missing.Detail]}")
        : null;

    /// <param name="desktop">The person's, read to be changed.</param>
    internal static async Task<Opening> GrantOnAsync(
        Desktop desktop, Request request, Opener opener, MyDesktop mine, DesktopsDb db, DesktopsEngine engine, People people, SessionDoor door,
        IStringLocalizer<DesktopsTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        var (person, actor) = (opener.Person, opener.Actor);
        if (desktop.Slot >= engine.Slots && engine.IsReady)
            return new Opening(Refusal: Problems.Unavailable("no-room", text["Open.NoRoom"]));
        if (desktop.Wanted == Wanted.Deleted || desktop.DeleteAt is not null)
            return new Opening(Refusal: Problems.Conflict("desktop-being-deleted", text["Result.BeingDeleted"]));
        if (desktop.Wanted == Wanted.Archived)
            return new Opening(Refusal: Problems.Conflict("desktop-archived", text["Open.Archived"]));

        // A client of another maker would show the desktop without the name that must stand over it.
        if (opener.Door == GrantDoor.Native && engine.Find(desktop.Bundle) is { Watermark: "on" })
            return new Opening(Refusal: Problems.Refused("watermark-native", text["Open.WatermarkNative"]));

        if (desktop.Wanted != Wanted.Running)
            await WantAsync(desktop, db, mine, clock, cancel);
        else if (desktop.State == DesktopState.Running && !await AnswersAsync(desktop, cancel))
            await LookAgainAsync(desktop, db, mine, clock, cancel);

        if (desktop is { State: DesktopState.Failed, Attempts: >= PatientAttempts })
            return new Opening(Refusal: Problems.Unavailable("desktop-failed", $"{text["Fault." + desktop.Fault]} {text["Open.TriesAgain"]} ({desktop.FaultDetail})"));
        if (desktop.State != DesktopState.Running || desktop is not { Address: { } address, CertificateSha256: { } pin })
            return new Opening(Progress: await WaitForRoom.ProgressAsync(desktop, db, clock, cancel) ?? ProgressOf(desktop));

        var card = await people.FindAsync(person, cancel);
        if (engine.Find(desktop.Bundle) is not { } bundle)
            return new Opening(Refusal: Problems.Unavailable("desktop-failed", $"{text["Fault.incomplete"]} (bundle {desktop.Bundle})"));
        var name = bundle.TitleIn(card?.Language);
        var layout = Keyboards.IdentifierOf(card?.KeyboardLayout);
        var clipboard = bundle.ClipboardPolicy;
        var target = new SessionTarget("desktop", desktop.Id, name, IPEndPoint.Parse(address), DesktopSettings.User, mine.PasswordOf(desktop), pin)
        {
            Recording = bundle.RecordingPolicy,
        };
        var asked = new GrantRequest(
            person, opener.SignIn, target, clipboard, layout, request.TakeOver,
            request.Resume is { } id ? new SessionId(id) : null, opener.Door);
        switch (await door.GrantAsync(asked, actor, cancel))
        {
            case GrantResult.Elsewhere:
                return new Opening(Refusal: Problems.Conflict("desktop-elsewhere"));
            case GrantResult.TooMany:
                return new Opening(Refusal: Problems.Conflict("too-many-sessions", text["Open.TooMany"]));
            case GrantResult.Full:
                return new Opening(Refusal: Problems.Unavailable("server-full", text["Open.Full"]));
            case GrantResult.NotRecordable { Why: var obstacle }:
                return new Opening(Refusal: Problems.Unavailable("not-recordable", text[$"Open.NotRecordable.{obstacle}"]));
            case GrantResult.Granted { Grant: { } grant }:
                await db.Desktops.Where(d => d.Id == desktop.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.OpenedAt, clock.GetUtcNow()), cancel);
                return new Opening(new Granted(asked, grant)
                {
                    Watermark = bundle.Watermark != "off" && card is not null ? $"{card.DisplayName} · {card.UserName}" : null,
                    // The files of a pool's desktop go with it.
                    Files = desktop.PoolId is null && bundle.Transfer is { Direction: not "none" } files ? new ScreenFiles(files.In, files.Out) : null,
                    Prints = desktop.PoolId is null && bundle.Prints,
                });
            default:
                throw new InvalidOperationException("The gateway gave an answer that this does not know.");
        }
    }

    private static async Task WantAsync(Desktop desktop, DesktopsDb db, MyDesktop mine, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var bundle = await db.Bundles.AsNoTracking().SingleOrDefaultAsync(b => b.Name == desktop.Bundle, cancel);
        if (RollOutRules.IsDueAtOpening(bundle, desktop))
            FleetRules.Rebuild(desktop, now);
        desktop.Want(Wanted.Running, now);
        desktop.AwaitedAt = now;
        await SaveAndTellAsync(db, mine, cancel);
    }

    private static async Task LookAgainAsync(Desktop desktop, DesktopsDb db, MyDesktop mine, TimeProvider clock, CancellationToken cancel)
    {
        desktop.See(DesktopState.Starting, clock.GetUtcNow());
        await SaveAndTellAsync(db, mine, cancel);
    }

    private static async Task SaveAndTellAsync(DesktopsDb db, MyDesktop mine, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // The reconciler was at it in the same moment; the person's page asks again in half a second.
            return;
        }

        await mine.TellAsync(cancel);
    }

    private static async Task<bool> AnswersAsync(Desktop desktop, CancellationToken cancel)
    {
        if (desktop.Address is not { } address)
            return false;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Knock);
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(address), late.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    internal static ScreenProgress ProgressOf(Desktop desktop) => new(
        desktop.State switch
        {
            DesktopState.Waiting or DesktopState.Creating => "creating",
            DesktopState.Frozen or DesktopState.Resuming => "resuming",
            _ => "starting",
        },
        desktop.StateSince,
        desktop.State switch
        {
            DesktopState.Creating or DesktopState.Waiting => 8,
            DesktopState.Starting or DesktopState.Stopped => 4,
            _ => 1,
        });
}
