using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Access.Contracts;

/// <summary>A group of people, as other modules may know it.</summary>
/// <param name="Name">Unique, capitals aside. Free text: may hold anything, markup included.</param>
public sealed record GroupCard(Guid Id, string Name);

/// <summary>
/// Which groups there are and who is in them. Answers come from the database as it is at the time of the call. Safe to use from a
/// singleton, and from several threads: every call takes a database context of its own.
/// </summary>
public sealed class Groups
{
    private readonly IServiceScopeFactory _scopes;

    internal Groups(IServiceScopeFactory scopes) => _scopes = scopes;

    /// <summary>Every group, by name as the reader's language orders them.</summary>
    public async Task<IReadOnlyList<GroupCard>> AllAsync(CancellationToken cancel)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var groups = await scope.ServiceProvider.GetRequiredService<AccessDb>().Groups.AsNoTracking()
            .Select(g => new GroupCard(g.Id, g.Name)).ToListAsync(cancel);
        // Here and not in the database, whose order may be by code: É comes before F.
        return [.. groups.OrderBy(g => g.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>The groups that a person is in; none when there is no such person.</summary>
    public async Task<IReadOnlySet<Guid>> OfAsync(PersonId person, CancellationToken cancel)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var groups = await scope.ServiceProvider.GetRequiredService<AccessDb>().People
            .Where(p => p.Id == person.Value).SelectMany(p => p.Groups.Select(g => g.Id)).ToListAsync(cancel);
        return groups.ToHashSet();
    }

    /// <summary>The groups of each of these people; who is in none is left out.</summary>
    public async Task<IReadOnlyDictionary<PersonId, IReadOnlyList<Guid>>> OfManyAsync(IReadOnlyCollection<PersonId> people, CancellationToken cancel)
    {
        var ids = people.Select(p => p.Value).Distinct().ToArray();
        await using var scope = _scopes.CreateAsyncScope();
        var pairs = await scope.ServiceProvider.GetRequiredService<AccessDb>().People
            .Where(p => ids.Contains(p.Id)).SelectMany(p => p.Groups, (p, g) => new { Person = p.Id, Group = g.Id }).ToListAsync(cancel);
        return pairs.GroupBy(p => p.Person).ToDictionary(g => new PersonId(g.Key), g => (IReadOnlyList<Guid>)[.. g.Select(p => p.Group)]);
    }

    /// <summary>Who is in a group; nobody when there is no such group.</summary>
    public async Task<IReadOnlySet<PersonId>> MembersAsync(Guid group, CancellationToken cancel)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var people = await scope.ServiceProvider.GetRequiredService<AccessDb>().Groups
            .Where(g => g.Id == group).SelectMany(g => g.People.Select(p => p.Id)).ToListAsync(cancel);
        return people.Select(p => new PersonId(p)).ToHashSet();
    }
}
