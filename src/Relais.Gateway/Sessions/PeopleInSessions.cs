using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;

namespace Relais.Gateway.Sessions;

/// <summary>People with a desktop, a workstation or a terminal on their screen, or an internal app open.</summary>
internal sealed class PeopleInSessions(GatewayDb db, IOptions<GatewayOptions> options, TimeProvider clock) : IPeopleAtWork
{
    public async Task<IReadOnlyCollection<PersonId>> NowAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // A node that was killed ends none of its sessions: they are no longer seen.
        var alive = now - 10 * options.Value.WatchEvery;
        var people = await db.Sessions.Where(s => s.EndedAt == null && s.EndAsked == null && s.SeenAt > alive).Select(s => s.PersonId)
            .Union(db.AppVisits.Where(v => v.ExpiresAt > now).Select(v => v.PersonId))
            .ToListAsync(cancel);
        return [.. people.Select(person => new PersonId(person))];
    }
}
