using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Feed;

/// <summary>A client that showed the token of one of its files, and what that file opens.</summary>
/// <param name="File">The file.</param>
/// <param name="Inspected">Which of its two tokens was shown.</param>
/// <param name="Client">Whose it is, who may use it now.</param>
/// <param name="Resource">What it leads to, which its person may open now.</param>
/// <param name="Caller">The same, as other modules ask for it.</param>
internal sealed record FeedFileShown(FeedFile File, bool Inspected, NativeClientCard Client, NativeResource Resource, NativeCaller Caller);

/// <summary>
/// Opens what a file of the feed leads to. The file is good for as long as its client stands, and so every rule is asked at every opening: the
/// client and its person, what the person may open, and the device. What is opened then is a session as any other.
/// </summary>
internal sealed class OpenFeedFile(
    GatewayDb db, NativeClientDoor clients, IServiceScopeFactory scopes, RedeemGrant redeem, IOptions<GatewayOptions> options, TimeProvider clock,
    ILogger<OpenFeedFile> log)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Whose file this token is of.</summary>
    /// <returns>Null when it opens nothing, which the trail then says.</returns>
    public async Task<FeedFileShown?> ShowAsync(string token, string? address, CancellationToken cancel)
    {
        var hash = FeedToken.HashOf(token);
        var file = await db.FeedFiles.AsNoTracking().SingleOrDefaultAsync(f => f.InspectedHash == hash || f.PassedHash == hash, cancel);
        if (file is null)
        {
            await RefuseAsync(new Actor("anonymous", "", address), null, "Unknown", cancel);
            return null;
        }

        if (await clients.FindAsync(new SignInId(file.ClientId), cancel) is not { } client)
        {
            await RefuseAsync(new Actor($"person:{file.PersonId}", "", address), file, "ClientEnded", cancel);
            return null;
        }

        var caller = new NativeCaller(client.Person, client.Id, FeedSignIn.ActorOf(client, address), IPAddress.TryParse(address, out var from) ? from : null);
        await using var scope = scopes.CreateAsyncScope();
        if (TargetsOf(scope, file.Kind) is { } targets
            && (await targets.ListAsync(caller, cancel)).FirstOrDefault(r => r.Id == file.TargetId) is { } resource)
        {
            return new FeedFileShown(file, file.InspectedHash.AsSpan().SequenceEqual(hash), client, resource, caller);
        }

        await RefuseAsync(caller.Actor, file, "TargetWithdrawn", cancel);
        return null;
    }

    /// <summary>Whether the device is the one that opened a file of this client first, which is remembered.</summary>
    public async Task<bool> IsSameDeviceAsync(FeedFileShown shown, string device, CancellationToken cancel)
    {
        // What a client writes there may be no text at all.
        var name = string.Concat(device.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(ClientFeed.DeviceLength / 2));
        var same = await db.Feeds.Where(f => f.ClientId == shown.File.ClientId && (f.Device == null || f.Device == name))
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.Device, name), cancel) == 1;
        if (!same)
            await RefuseAsync(shown.Caller.Actor, shown.File, "OtherDevice", cancel);
        return same;
    }

    /// <summary>Waits for the target, if it has to start or wake up, and opens or takes up its session.</summary>
    /// <returns>Null when that cannot be, with a word on why.</returns>
    public async Task<(Redemption.Accepted? Accepted, string Why)> OpenAsync(FeedFileShown shown, CancellationToken cancel)
    {
        var until = clock.GetUtcNow() + options.Value.FeedOpenTime;
        using var again = new PeriodicTimer(AskEvery, clock);
        do
        {
            switch (await AskAsync(shown, cancel))
            {
                case NativeOpening.Ready ready:
                    return (await BeginAsync(shown, ready.Grant, cancel), "token");
                case NativeOpening.Refused refused:
                    await RefuseAsync(shown.Caller.Actor, shown.File, refused.Why, cancel);
                    return (null, refused.Why);
                default:
                    break;
            }
        }
        while (await again.WaitForNextTickAsync(cancel) && clock.GetUtcNow() < until);
        return (null, "still starting");
    }

    // A scope for each: a row that was read a moment ago is what this waits for to change.
    private async Task<NativeOpening> AskAsync(FeedFileShown shown, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return TargetsOf(scope, shown.File.Kind) is { } targets
            ? await targets.OpenAsync(
                shown.Caller, shown.File.TargetId, shown.Inspected, shown.File.SessionId is { } open ? new SessionId(open) : null, cancel)
            : new NativeOpening.Refused("TargetWithdrawn");
    }

    private async Task<Redemption.Accepted?> BeginAsync(FeedFileShown shown, SessionGrant grant, CancellationToken cancel)
    {
        var session = grant.Session.Value;
        await db.FeedFiles.Where(f => f.ClientId == shown.File.ClientId && f.Kind == shown.File.Kind && f.TargetId == shown.File.TargetId)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.SessionId, session), cancel);
        await clients.UsedAsync(shown.Client, "RD Gateway", shown.Caller.Actor, cancel);
        return await redeem.HandleNativeAsync(grant.Token, shown.Caller.Actor.Address, cancel) as Redemption.Accepted;
    }

    private async Task RefuseAsync(Actor actor, FeedFile? file, string why, CancellationToken cancel)
    {
        GatewayLog.FileRefused(log, file?.PersonId ?? Guid.Empty, actor.Address, why);
        db.Audit(clock, actor, "session.token-refused", file is null ? "" : $"{file.Kind}:{file.TargetId}", "", new { why, door = "Feed", client = file?.ClientId });
        await db.SaveChangesAsync(cancel);
    }

    private static INativeTargets? TargetsOf(AsyncServiceScope scope, string kind) =>
        scope.ServiceProvider.GetServices<INativeTargets>().FirstOrDefault(t => string.Equals(t.Kind, kind, StringComparison.Ordinal));
}
