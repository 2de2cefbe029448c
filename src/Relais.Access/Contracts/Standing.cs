using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Access.Contracts;

/// <summary>
/// Whether sign-ins still stand. What lives longer than a request (a desktop in the browser) asks every few seconds.
/// Safe to use from a singleton, and from several threads: every call takes a database context of its own.
/// </summary>
public sealed class Standing
{
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;

    internal Standing(IServiceScopeFactory scopes, TimeProvider clock) => (_scopes, _clock) = (scopes, clock);

    /// <summary>
    /// Those of <paramref name="signIns"/> that are not valid any more: revoked (signed out), or their person is disabled,
    /// past the end of a contract, or deleted. A sign-in that merely went idle is not among them.
    /// </summary>
    public async Task<IReadOnlySet<SignInId>> LostAsync(IReadOnlyCollection<SignInId> signIns, CancellationToken cancel)
    {
        if (signIns.Count == 0)
            return new HashSet<SignInId>();

        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccessDb>();
        var ids = signIns.Select(s => s.Value).Distinct().ToArray();
        var now = _clock.GetUtcNow();
        var stand = await db.SignIns
            .Where(s => ids.Contains(s.Id) && s.RevokedAt == null)
            .Where(s => db.People.Any(p => p.Id == s.PersonId && p.DisabledAt == null && (p.ExpiresAt == null || p.ExpiresAt > now)))
            .Select(s => s.Id)
            .ToListAsync(cancel);
        return signIns.Except(stand.Select(id => new SignInId(id))).ToHashSet();
    }
}
