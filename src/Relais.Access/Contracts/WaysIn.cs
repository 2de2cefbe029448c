using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Directories;
using Relais.Access.Invitations;

namespace Relais.Access.Contracts;

/// <summary>Whether somebody can sign in.</summary>
public enum WayIn
{
    Open,

    /// <summary>They may, and have neither a password nor an invitation that reached them and still counts.</summary>
    NotInvited,

    /// <summary>An administrator shut their account.</summary>
    Disabled,

    /// <summary>Their contract is over.</summary>
    Ended,
}

/// <summary>
/// Whether people can sign in, for plans that count on them. Answers come from the database as it is at the time of the call. Safe to use from
/// a singleton, and from several threads: every call takes a database context of its own.
/// </summary>
public sealed class WaysIn
{
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;

    internal WaysIn(IServiceScopeFactory scopes, TimeProvider clock) => (_scopes, _clock) = (scopes, clock);

    /// <summary>Those of <paramref name="people"/> who exist, with their way in; others are left out.</summary>
    public async Task<IReadOnlyDictionary<PersonId, WayIn>> OfAsync(IReadOnlyCollection<PersonId> people, CancellationToken cancel)
    {
        var ids = people.Select(p => p.Value).Distinct().ToArray();
        if (ids.Length == 0)
            return new Dictionary<PersonId, WayIn>();
        var now = _clock.GetUtcNow();
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccessDb>();
        var found = await db.People.AsNoTracking().Where(p => ids.Contains(p.Id))
            .Select(p => new
            {
                p.Id,
                Disabled = p.DisabledAt != null,
                Ended = p.ExpiresAt != null && p.ExpiresAt <= now,
                Invited = p.PasswordHash != null || DirectoryPasswords.PeopleOf(db).Contains(p.Id) || db.Invitations.Any(i =>
                    i.PersonId == p.Id && i.ExpiresAt > now && !i.Refused && (i.SentAt != null || i.Way == InvitationWay.Sheet)),
            })
            .ToListAsync(cancel);
        return found.ToDictionary(
            p => new PersonId(p.Id), p => p.Disabled ? WayIn.Disabled : p.Ended ? WayIn.Ended : p.Invited ? WayIn.Open : WayIn.NotInvited);
    }

    /// <summary>Those who may sign in and are in no group, so that nothing that is said of groups reaches them.</summary>
    public async Task<IReadOnlyList<PersonId>> InNoGroupAsync(CancellationToken cancel)
    {
        var now = _clock.GetUtcNow();
        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccessDb>().People.AsNoTracking()
            .Where(p => p.DisabledAt == null && (p.ExpiresAt == null || p.ExpiresAt > now) && !p.Groups.Any())
            .Select(p => new PersonId(p.Id)).ToListAsync(cancel);
    }
}
