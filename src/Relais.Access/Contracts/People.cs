using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Access.Contracts;

/// <summary>What other modules may know of a person.</summary>
/// <param name="Id">The person.</param>
/// <param name="UserName">Unique; ASCII letters, digits, dot, dash and underscore.</param>
/// <param name="DisplayName">As people read it. Free text: may hold anything, markup included.</param>
/// <param name="Language">"fr" or "en".</param>
/// <param name="KeyboardLayout">One of <see cref="KeyboardLayouts"/>.</param>
/// <param name="Roles">Some of <see cref="Contracts.Roles"/>.</param>
public sealed record PersonCard(
    PersonId Id, string UserName, string DisplayName, string Language, string KeyboardLayout, IReadOnlySet<string> Roles);

/// <summary>
/// Who people are. Answers come from the database as it is at the time of the call. Safe to use from a singleton, and from
/// several threads: every call takes a database context of its own.
/// </summary>
public sealed class People
{
    private readonly IServiceScopeFactory _scopes;

    internal People(IServiceScopeFactory scopes) => _scopes = scopes;

    /// <summary>Null when there is no such person (any more). Disabled people are found.</summary>
    public async Task<PersonCard?> FindAsync(PersonId person, CancellationToken cancel) =>
        (await FindManyAsync([person], cancel)).GetValueOrDefault(person);

    /// <summary>The ids of those of <paramref name="userNames"/> who exist, by name, capitals aside. Disabled people are found.</summary>
    public async Task<IReadOnlyDictionary<string, PersonId>> FindByUserNamesAsync(IReadOnlyCollection<string> userNames, CancellationToken cancel)
    {
        var names = userNames.Select(UniqueName.Normalize).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length == 0)
            return new Dictionary<string, PersonId>(StringComparer.OrdinalIgnoreCase);

        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccessDb>().People.AsNoTracking()
            .Where(p => names.Contains(p.NormalizedUserName))
            .ToDictionaryAsync(p => p.UserName ?? "", p => new PersonId(p.Id), StringComparer.OrdinalIgnoreCase, cancel);
    }

    /// <summary>Those who have a role and are not disabled, by name.</summary>
    public async Task<IReadOnlyList<PersonCard>> WithRoleAsync(string role, CancellationToken cancel)
    {
        List<PersonId> ids;
        await using (var scope = _scopes.CreateAsyncScope())
        {
            ids = await scope.ServiceProvider.GetRequiredService<AccessDb>().People.AsNoTracking()
                .Where(p => p.Roles.Contains(role) && p.DisabledAt == null).Select(p => new PersonId(p.Id)).ToListAsync(cancel);
        }

        return [.. (await FindManyAsync(ids, cancel)).Values.OrderBy(p => p.DisplayName, StringComparer.CurrentCulture)];
    }

    /// <summary>Those who exist, by id; others are left out.</summary>
    public async Task<IReadOnlyDictionary<PersonId, PersonCard>> FindManyAsync(IReadOnlyCollection<PersonId> people, CancellationToken cancel)
    {
        var ids = people.Select(p => p.Value).Distinct().ToArray();
        if (ids.Length == 0)
            return new Dictionary<PersonId, PersonCard>();

        await using var scope = _scopes.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<AccessDb>().People.AsNoTracking()
            .Where(p => ids.Contains(p.Id))
            .Select(p => new { p.Id, p.UserName, p.DisplayName, p.Language, p.KeyboardLayout, p.Roles })
            .ToListAsync(cancel);
        return found.ToDictionary(
            p => new PersonId(p.Id),
            p => new PersonCard(
                new PersonId(p.Id), p.UserName ?? "", p.DisplayName, p.Language, p.KeyboardLayout, p.Roles.ToHashSet(StringComparer.Ordinal)));
    }
}
