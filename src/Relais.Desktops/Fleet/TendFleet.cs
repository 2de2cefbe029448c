using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;

namespace Relais.Desktops.Fleet;

/// <summary>
/// What time asks of desktops: rest for those that nobody uses, new roots for those that are behind, snapshots that are due, and the end of grace
/// periods. It changes rows and nothing else; may run at any time, any number of times.
/// </summary>
internal sealed class TendFleet(
    DesktopsDb db, BundleCatalog catalog, SessionDoor door, IOptions<PlaceOptions> place, TimeProvider clock)
{
    public async Task HandleAsync(CancellationToken cancel)
    {
        // Those of pools never rest and keep nothing: TendPools looks after them.
        var desktops = await db.Desktops.Where(d => d.PoolId == null).ToListAsync(cancel);
        var bundles = await db.Bundles.AsNoTracking().ToDictionaryAsync(b => b.Name, StringComparer.Ordinal, cancel);
        var definitions = desktops.Select(d => d.Bundle).Distinct(StringComparer.Ordinal).ToDictionary(name => name, catalog.Find, StringComparer.Ordinal);
        var used = (await door.OpenOnAsync("desktop", cancel)).Select(s => s.Target).ToHashSet();
        var local = place.Value.Local(clock.GetUtcNow());
        var minute = (local.Hour * 60) + local.Minute;

        foreach (var desktop in desktops.Where(d => d.Wanted != Wanted.Deleted))
        {
            var inSession = used.Contains(desktop.Id);
            var cut = false;
            if (desktop.DeleteAt <= clock.GetUtcNow())
            {
                End(desktop);
            }
            else
            {
                if (definitions[desktop.Bundle] is { } definition)
                    ReadIdleClock(desktop, definition, inSession);
                cut = RollOut(desktop, bundles.GetValueOrDefault(desktop.Bundle), inSession, minute) && inSession;
            }

            if (await SaveAsync(desktop, cancel) && cut)
                await door.EndAllAsync("desktop", desktop.Id, "TargetGone", cancel);
        }

        await SnapshotsAsync(desktops, definitions, cancel);
    }

    private void End(Desktop desktop)
    {
        desktop.Want(Wanted.Deleted, clock.GetUtcNow());
        db.Audit(clock, Actor.System, "desktop.deleted", $"desktop:{desktop.Id}", desktop.Bundle, new { person = desktop.PersonId });
    }

    private void ReadIdleClock(Desktop desktop, Bundle definition, bool inSession)
    {
        var now = clock.GetUtcNow();
        var reading = IdleClock.Read(desktop, definition.Rest, inSession, now);
        if (reading.Wanted is { } rest)
        {
            desktop.Want(rest, now);
            db.Audit(
                clock, Actor.System, rest == Wanted.Frozen ? "desktop.frozen" : "desktop.stopped", $"desktop:{desktop.Id}", desktop.Bundle,
                new { person = desktop.PersonId, idleSince = reading.IdleSince });
        }

        desktop.IdleSince = reading.IdleSince;
    }

    private bool RollOut(Desktop desktop, BundleRow? bundle, bool inSession, int minute)
    {
        if (!RollOutRules.IsDue(bundle, desktop, inSession, minute))
            return false;
        FleetRules.Rebuild(desktop, clock.GetUtcNow());
        db.Audit(
            clock, Actor.System, "desktop.rebuilt", $"desktop:{desktop.Id}", desktop.Bundle, new { person = desktop.PersonId, version = bundle?.Target });
        return true;
    }

    private async Task SnapshotsAsync(List<Desktop> desktops, Dictionary<string, Bundle?> definitions, CancellationToken cancel)
    {
        var all = (await db.Snapshots.ToListAsync(cancel)).ToLookup(s => s.DesktopId);
        var now = clock.GetUtcNow();
        foreach (var desktop in desktops.Where(d => d.Wanted is not (Wanted.Deleted or Wanted.Archived) && d.OpenedAt is not null && d.DeleteAt is null))
        {
            if (definitions[desktop.Bundle]?.Snapshots is not { Every: not null } rule)
                continue;
            var scheduled = all[desktop.Id].Where(s => s.Reason == SnapshotReason.Scheduled).Select(s => (DateTimeOffset?)s.AskedAt).Max();
            // A home that nobody opened since the last one is as it was then.
            var changed = scheduled is null || desktop.OpenedAt > scheduled || desktop.Wanted == Wanted.Running;
            var asks = false;
            if (changed && SnapshotPlan.IsDue(rule, scheduled ?? desktop.CreatedAt, now))
            {
                db.Snapshots.Add(HomeSnapshot.Of(desktop.Id, SnapshotReason.Scheduled, now));
                asks = true;
            }

            foreach (var surplus in SnapshotPlan.Surplus(rule, all[desktop.Id]))
                (surplus.Leaving, asks) = (true, true);
            if (!asks)
                continue;
            desktop.Ask(now);
            await SaveAsync(desktop, cancel);
        }
    }

    // False when somebody else changed the row in the same moment: the next look sees it as it is then.
    private async Task<bool> SaveAsync(Desktop desktop, CancellationToken cancel)
    {
        if (!db.ChangeTracker.HasChanges())
            return false;
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            await db.Entry(desktop).ReloadAsync(cancel);
            foreach (var added in db.ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified).ToList())
                added.State = EntityState.Detached;
            return false;
        }
    }
}
