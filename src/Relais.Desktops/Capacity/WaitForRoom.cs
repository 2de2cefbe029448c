using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Desktops;
using Relais.Portal.Remote;

namespace Relais.Desktops.Capacity;

/// <summary>A person waits in front of a screen for a desktop that there is no room for yet.</summary>
internal static class WaitForRoom
{
    // Often enough to count as waiting, and seldom enough for hundreds who ask all the time.
    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(5);

    /// <returns>Null when it waits for no room.</returns>
    public static async Task<ScreenProgress?> ProgressAsync(Desktop desktop, DesktopsDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (desktop is not { IsQueued: true, QueuedAt: { } since })
            return null;
        var now = clock.GetUtcNow();
        if (desktop.AwaitedAt is not { } noted || now - noted >= NoteEvery)
        {
            await db.Desktops.Where(d => d.Id == desktop.Id && d.State == DesktopState.Waiting)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.AwaitedAt, now), cancel);
        }

        // Whoever asks is one of those in front of a screen, and goes before all others.
        var at = now - Admit.AwaitedFor;
        var before = await Queued(db).CountAsync(
            d => (d.AwaitedAt > at || d.AskedForAt > at) && (d.QueuedAt < since || (d.QueuedAt == since && d.Id.CompareTo(desktop.Id) < 0)), cancel);
        return new ScreenProgress("queued", since, 0, Place: before + 1);
    }

    /// <summary>Desktops that wait for room.</summary>
    public static IQueryable<Desktop> Queued(DesktopsDb db) =>
        db.Desktops.AsNoTracking().Where(d => d.Wanted == Wanted.Running && d.State == DesktopState.Waiting && d.Fault == Desktop.NoRoom && d.QueuedAt != null);
}
