using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Desktops;

/// <summary>
/// Gives everybody who was enrolled a place for their desktop: a row, an address and a bundle. Nothing is made until it is first opened. Who
/// has a desktop keeps it; a bundle that changed counts while nothing was made from the old one.
/// </summary>
internal sealed class AllocateDesktops(DesktopsDb db, IDataProtectionProvider protection, IOptions<DesktopsOptions> options, TimeProvider clock)
{
    // Who opens a desktop for the first time in the same moment takes a slot too.
    private const int Tries = 8;

    public Task HandleAsync(PeopleEnrolled enrolled, CancellationToken cancel) => HandleAsync(enrolled.People, Actor.System, cancel);

    public async Task HandleAsync(IReadOnlyList<EnrolledPerson> people, Actor actor, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryAsync(people, actor, cancel);
                return;
            }
            catch (DbUpdateException e) when (tries < Tries && e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task TryAsync(IReadOnlyList<EnrolledPerson> people, Actor actor, CancellationToken cancel)
    {
        var kept = await db.Desktops.AsNoTracking().Select(d => new { d.PersonId, d.PoolId, d.Slot, d.Bundle, Made = d.CertificateSha256 != null }).ToListAsync(cancel);
        var owners = kept.Where(d => d.PoolId is null).ToDictionary(d => d.PersonId);
        var taken = kept.Select(d => d.Slot).ToHashSet();
        var slot = 0;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        foreach (var (person, bundle) in people)
        {
            if (!owners.TryGetValue(person, out var owned))
            {
                while (!taken.Add(slot))
                    slot++;
                Add(person, bundle ?? options.Value.DefaultBundle, slot, actor);
            }
            else if (bundle is not null && !owned.Made && owned.Bundle != bundle)
            {
                await db.Desktops.Where(d => d.PersonId == person && d.PoolId == null && d.CertificateSha256 == null && d.Wanted == Wanted.Stopped)
                    .ExecuteUpdateAsync(set => set.SetProperty(d => d.Bundle, bundle), cancel);
            }
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private void Add(Guid person, string bundle, int slot, Actor actor)
    {
        var desktop = Desktop.Allocate(person, bundle, slot, DesktopState.Stopped, DesktopSecret.New(protection), clock.GetUtcNow());
        db.Desktops.Add(desktop);
        db.Audit(clock, actor, "desktop.allocated", $"desktop:{desktop.Id}", bundle, new { person, bundle });
    }
}
