using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Relais.Access.NativeClients;

/// <summary>The native clients that still stand, by the policy of now.</summary>
internal sealed class LiveNativeClients(AccessDb db, TimeProvider clock, IOptions<NativeClientOptions> options)
{
    /// <summary>Every one, revoked and expired ones too.</summary>
    public IQueryable<NativeClientRow> All =>
        from client in db.NativeClients
        join signIn in db.SignIns on client.Id equals signIn.Id
        join person in db.People on signIn.PersonId equals person.Id
        select new NativeClientRow { Client = client, SignIn = signIn, Person = person };

    /// <summary>A person's that were neither revoked nor left unused for too long, the oldest first.</summary>
    public Task<List<NativeClientRow>> OfAsync(Guid person, CancellationToken cancel) =>
        Live().Where(row => row.SignIn.PersonId == person).OrderBy(row => row.SignIn.CreatedAt).AsNoTracking().ToListAsync(cancel);

    /// <summary>
    /// One that may be used now: its person may sign in, has nothing to do first, and gave two factors for it where their roles ask for that.
    /// </summary>
    public Task<NativeClientRow?> UsableAsync(Guid id, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return Live()
            .Where(row => row.Client.Id == id && !row.Person.MustChangePassword)
            .Where(row => row.Person.DisabledAt == null && (row.Person.ExpiresAt == null || row.Person.ExpiresAt > now))
            .Where(row => row.SignIn.SecondFactor || !db.SecondFactorRules.Any(rule => row.Person.Roles.Contains(rule.Role)))
            .AsNoTracking().SingleOrDefaultAsync(cancel);
    }

    private IQueryable<NativeClientRow> Live()
    {
        var now = clock.GetUtcNow();
        var (idle, old, allowed) = (now - options.Value.IdleLife, now - options.Value.Life, options.Value.PerPerson > 0);
        return All.Where(row => allowed && row.SignIn.RevokedAt == null && row.SignIn.LastSeenAt > idle && row.SignIn.CreatedAt > old);
    }
}
