using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Desktops;

/// <summary>The personal desktop of a person: found, or allocated at the first asking.</summary>
internal sealed class MyDesktop(DesktopsDb db, IDataProtectionProvider protection, IOptions<DesktopsOptions> options, TimeProvider clock)
{
    // Slots that two people took at the same time are tried again with the next one.
    private const int Tries = 8;

    public Task<Desktop?> FindAsync(PersonId person, CancellationToken cancel) =>
        db.Desktops.SingleOrDefaultAsync(d => d.PersonId == person.Value && d.PoolId == null, cancel);

    public async Task<Desktop> FindOrAllocateAsync(PersonId person, Actor actor, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            if (await FindAsync(person, cancel) is { } found)
                return found;
            var desktop = await NewAsync(person, cancel);
            db.Desktops.Add(desktop);
            db.Audit(clock, actor, "desktop.allocated", $"desktop:{desktop.Id}", desktop.Bundle, new { person = person.Value, bundle = desktop.Bundle });
            try
            {
                await db.SaveChangesAsync(cancel);
                return desktop;
            }
            catch (DbUpdateException e) when (tries < Tries && e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                // The person's other window, or somebody who took the same slot, was first.
                db.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>Tells whichever node reconciles that a row changed.</summary>
    public Task TellAsync(CancellationToken cancel) => db.Database.ExecuteSqlRawAsync($"NOTIFY {Reconcile.Channel}", cancel);

    public string PasswordOf(Desktop desktop) => DesktopSecret.Protector(protection).Unprotect(desktop.Secret);

    private async Task<Desktop> NewAsync(PersonId person, CancellationToken cancel)
    {
        const string FirstFree = """
            SELECT coalesce((SELECT min(s.slot) FROM generate_series(0, (SELECT count(*) FROM desktops.desktop)) AS s(slot)
              WHERE NOT EXISTS (SELECT 1 FROM desktops.desktop d WHERE d."Slot" = s.slot)), 0)::int AS "Value"
            """;
        var slot = await db.Database.SqlQueryRaw<int>(FirstFree).SingleAsync(cancel);
        return Desktop.Allocate(person.Value, options.Value.DefaultBundle, slot, DesktopState.Waiting, DesktopSecret.New(protection), clock.GetUtcNow());
    }
}
