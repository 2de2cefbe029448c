using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;

namespace Relais.Desktops.Capacity;

/// <param name="Person">Empty for one of a pool that nobody has yet.</param>
/// <param name="AtScreen">Whether the person waits in front of it.</param>
internal sealed record QueuedDesktop(int Place, Guid Id, string Person, string Bundle, long MemoryMiB, bool AtScreen, DateTimeOffset Since);

/// <summary>The desktops that wait for room, in the order in which they get it.</summary>
internal sealed class ListQueue(DesktopsDb db, People people, BundleCatalog catalog, TimeProvider clock)
{
    public async Task<IReadOnlyList<QueuedDesktop>> HandleAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var rows = await WaitForRoom.Queued(db).ToDictionaryAsync(d => d.Id, cancel);
        var cards = await people.FindManyAsync([.. rows.Values.Where(d => !d.IsSpare).Select(d => new PersonId(d.PersonId)).Distinct()], cancel);
        var order = Admit.InOrder(rows.Values.Select(d => new Candidate(d.Id, SizeOf(d), d.IsAwaited(now - Admit.AwaitedFor), d.QueuedAt ?? now)));
        return
        [
            .. order.Select((candidate, at) => (Candidate: candidate, Row: rows[candidate.Row], Place: at + 1)).Select(q => new QueuedDesktop(
                q.Place, q.Row.Id, q.Row.IsSpare ? "" : cards.GetValueOrDefault(new PersonId(q.Row.PersonId))?.DisplayName ?? "?", q.Row.Bundle,
                q.Candidate.MemoryMiB, q.Candidate.Awaited, q.Candidate.Since)),
        ];
    }

    private long SizeOf(Desktops.Desktop desktop) =>
        desktop.MemoryMiB ?? (catalog.Find(desktop.Bundle) is { } bundle ? MemorySize.MiB(bundle.Limits.Memory) : 0);
}
