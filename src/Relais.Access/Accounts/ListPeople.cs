using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Database;

namespace Relais.Access.Accounts;

/// <summary>What the list shows; every part of it is in the page's address.</summary>
internal sealed record PeopleQuery(string? Search, string? Role, Guid? Group, string? State, string? Sort, int Page)
{
    public const int PageLength = 50;
    public const string Active = "active";
    public const string Disabled = "disabled";
    public const string Expired = "expired";
    public const string NewPassword = "new-password";
    public const string NoSecondFactor = "no-second-factor";
    public static readonly IReadOnlyList<string> States = [Active, Disabled, Expired, NewPassword, NoSecondFactor];
}

internal sealed record PersonRow(
    Guid Id, string UserName, string DisplayName, string? Email, string[] Roles, IReadOnlyList<string> Groups, bool Disabled, bool Expired,
    bool MustChangePassword, bool SecondFactor, DateTimeOffset? LastSeenAt);

internal sealed record FoundPeople(IReadOnlyList<PersonRow> People, int Total);

internal sealed class ListPeople(AccessDb db, TimeProvider clock)
{
    public async Task<FoundPeople> HandleAsync(PeopleQuery query, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var people = InState(Matching(query), query.State, now);
        var total = await people.CountAsync(cancel);
        var page = await Sorted(people, query.Sort)
            .Skip((Math.Max(query.Page, 1) - 1) * PeopleQuery.PageLength)
            .Take(PeopleQuery.PageLength)
            .Select(p => new PersonRow(
                p.Id,
                p.UserName ?? "",
                p.DisplayName,
                p.Email,
                p.Roles,
                p.Groups.OrderBy(g => EF.Functions.Collate(g.Name, NameOrder.Collation)).Select(g => g.Name).ToList(),
                p.DisabledAt != null,
                p.ExpiresAt != null && p.ExpiresAt <= now,
                p.MustChangePassword,
                p.TotpSecret != null || db.Passkeys.Any(k => k.UserId == p.Id),
                db.SignIns.Where(s => s.PersonId == p.Id).Max(s => (DateTimeOffset?)s.LastSeenAt)))
            .ToListAsync(cancel);
        return new FoundPeople(page, total);
    }

    private IQueryable<Person> Matching(PeopleQuery query)
    {
        var people = db.People.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } search)
        {
            var pattern = SearchPattern.Containing(search);
            people = people.Where(p => EF.Functions.ILike(p.DisplayName, pattern, @"\") || EF.Functions.ILike(p.UserName ?? "", pattern, @"\")
                || EF.Functions.ILike(p.Email ?? "", pattern, @"\"));
        }

        if (query.Role is { Length: > 0 } role)
            people = people.Where(p => p.Roles.Contains(role));
        if (query.Group is { } group)
            people = people.Where(p => p.Groups.Any(g => g.Id == group));
        return people;
    }

    private IQueryable<Person> InState(IQueryable<Person> people, string? state, DateTimeOffset now) => state switch
    {
        PeopleQuery.Active => people.Where(p => p.DisabledAt == null && (p.ExpiresAt == null || p.ExpiresAt > now)),
        PeopleQuery.Disabled => people.Where(p => p.DisabledAt != null),
        PeopleQuery.Expired => people.Where(p => p.ExpiresAt <= now),
        PeopleQuery.NewPassword => people.Where(p => p.MustChangePassword),
        PeopleQuery.NoSecondFactor => people.Where(p => p.TotpSecret == null && !db.Passkeys.Any(k => k.UserId == p.Id)),
        _ => people,
    };

    // The id comes last, so that equal names keep their order from page to page.
    private IOrderedQueryable<Person> Sorted(IQueryable<Person> people, string? sort) => sort switch
    {
        "-name" => people.OrderByDescending(p => EF.Functions.Collate(p.DisplayName, NameOrder.Collation)).ThenBy(p => p.Id),
        "user" => people.OrderBy(p => p.NormalizedUserName),
        "-user" => people.OrderByDescending(p => p.NormalizedUserName),
        "seen" => people.OrderBy(p => db.SignIns.Where(s => s.PersonId == p.Id).Max(s => (DateTimeOffset?)s.LastSeenAt)).ThenBy(p => p.Id),
        "-seen" => people.OrderByDescending(p => db.SignIns.Where(s => s.PersonId == p.Id).Max(s => (DateTimeOffset?)s.LastSeenAt) ?? DateTimeOffset.MinValue)
            .ThenBy(p => p.Id),
        _ => people.OrderBy(p => EF.Functions.Collate(p.DisplayName, NameOrder.Collation)).ThenBy(p => p.Id),
    };
}
