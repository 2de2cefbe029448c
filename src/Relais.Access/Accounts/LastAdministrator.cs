using Microsoft.EntityFrameworkCore;

namespace Relais.Access.Accounts;

/// <summary>Somebody must be left who can administer. Two administrators who remove each other at once take turns.</summary>
internal static class LastAdministrator
{
    // Any constant will do, as long as every node uses the same one.
    private const long Lock = 0x41_44_4D_49_4E;

    /// <summary>Held until the transaction ends. Taken before the change.</summary>
    public static Task HoldAsync(AccessDb db, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Lock})", cancel);

    /// <summary>Asked after the change, inside the transaction.</summary>
    public static Task<bool> RemainsAsync(AccessDb db, DateTimeOffset now, CancellationToken cancel) =>
        db.People.AnyAsync(
            p => p.Roles.Contains(Contracts.Roles.Administrator) && p.DisabledAt == null && (p.ExpiresAt == null || p.ExpiresAt > now), cancel);
}
