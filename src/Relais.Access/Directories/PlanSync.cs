using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Imports;

namespace Relais.Access.Directories;

/// <summary>
/// Reads what the directory has against the people there are. It goes the way of every list of people (<see cref="PlanImport"/>), so that what a person may be
/// called is decided in one place; only here, who is disabled or gone there is shut out here.
/// </summary>
internal sealed class PlanSync(AccessDb db, PlanImport plan, TimeProvider clock)
{
    public async Task<SyncPlan> HandleAsync(DirectorySource source, DirectoryAnswer.Read found, CancellationToken cancel)
    {
        var people = await db.People.AsNoTracking().Include(p => p.Groups).AsSplitQuery().ToListAsync(cancel);
        var links = await db.DirectoryLinks.AsNoTracking().ToListAsync(cancel);
        var reading = new Reading(source, found, people, links, await db.Groups.AsNoTracking().Select(g => g.Name).ToListAsync(cancel), clock.GetUtcNow());
        reading.TakeAll();

        var whole = await plan.HandleAsync(reading.File(_ => true), cancel);
        foreach (var fault in whole.Faults)
            reading.Leave(fault);

        // What is wrong with one entry holds no other up: the list without it.
        var wrong = whole.Faults.Select(f => f.Line).ToHashSet();
        var good = wrong.Count == 0 ? whole : await plan.HandleAsync(reading.File(line => !wrong.Contains(line)), cancel);
        return new SyncPlan(good, reading.Disabled, reading.Enabled, reading.Problems, reading.Ties(wrong), found.People.Count, reading.MayLose, source.MostDisabledPercent);
    }

    private sealed class Reading(
        DirectorySource source, DirectoryAnswer.Read found, List<Person> people, List<DirectoryLink> links, List<string> groups, DateTimeOffset now)
    {
        private readonly Dictionary<string, Person> _byName = people.ToDictionary(p => p.NormalizedUserName ?? "", StringComparer.Ordinal);
        private readonly Dictionary<Guid, Person> _byId = people.ToDictionary(p => p.Id);
        private readonly Dictionary<string, DirectoryLink> _byKey = links.ToDictionary(l => l.Key, StringComparer.Ordinal);
        private readonly Dictionary<Guid, DirectoryLink> _linkOf = links.ToDictionary(l => l.PersonId);
        private readonly Dictionary<string, string> _ours = groups.ToDictionary(UniqueName.Normalize, StringComparer.Ordinal);
        private readonly HashSet<string> _theirs = [.. found.Groups.Select(UniqueName.Normalize)];
        private readonly HashSet<Guid> _known = [.. links.Select(l => l.PersonId)];
        private readonly List<(int Line, DirectoryEntry Entry)> _taken = [];
        private readonly List<SyncTie> _shut = [];
        private readonly RoleGroups _roles = RoleGroups.Of(source, found);

        public List<SyncPerson> Disabled { get; } = [];

        public List<SyncPerson> Enabled { get; } = [];

        public List<SyncProblem> Problems { get; } = [];

        /// <summary>Those who may sign in and whom the directory has, or had.</summary>
        public int MayLose => _known.Count(id => _byId[id].MaySignIn(now));

        public void TakeAll()
        {
            Problems.AddRange(_roles.Faults.Select(f => new SyncProblem(f.Group, new ImportFault(0, 0, PeopleColumns.Roles, f.Group, f.Code, f.Role))));
            for (var n = 0; n < found.People.Count; n++)
                Take(n + 1, found.People[n]);
            var listed = found.People.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
            foreach (var link in links.Where(l => !listed.Contains(l.Key)))
                ShutOut(_byId[link.PersonId], gone: true);
            Disabled.Sort((a, b) => string.CompareOrdinal(a.UserName, b.UserName));
            Enabled.Sort((a, b) => string.CompareOrdinal(a.UserName, b.UserName));
        }

        private void Take(int line, DirectoryEntry entry)
        {
            var person = _byName.GetValueOrDefault(UniqueName.Normalize(entry.UserName));
            var link = _byKey.GetValueOrDefault(entry.Key);
            var tied = link is null ? null : _byId[link.PersonId];
            if (person is not null)
                _known.Add(person.Id);
            if (entry.Disabled)
            {
                // Who is disabled there and unknown here is nobody's matter.
                if ((tied ?? person) is not { } shut)
                    return;
                ShutOut(shut, gone: false);
                if (!_linkOf.ContainsKey(shut.Id))
                    _shut.Add(new SyncTie(shut.NormalizedUserName ?? "", entry.Key));
                return;
            }

            if (tied is not null && tied.Id != person?.Id)
                Problems.Add(new SyncProblem(entry.Name, new ImportFault(line, 0, PeopleColumns.UserName, entry.UserName, "directory-renamed", tied.UserName)));
            else if (person is not null && tied is null && _linkOf.ContainsKey(person.Id))
                Problems.Add(new SyncProblem(entry.Name, new ImportFault(line, 0, PeopleColumns.UserName, entry.UserName, "directory-other-entry")));
            else
                _taken.Add((line, entry));
            if (tied is { DisabledAt: not null } && link is { DisabledByDirectory: true })
                Enabled.Add(new SyncPerson(tied.Id, tied.UserName ?? "", tied.DisplayName, Gone: false));
        }

        private void ShutOut(Person person, bool gone)
        {
            if (person.DisabledAt is null && !Disabled.Exists(p => p.Id == person.Id))
                Disabled.Add(new SyncPerson(person.Id, person.UserName ?? "", person.DisplayName, gone));
        }

        public PeopleFile File(Func<int, bool> keeps)
        {
            List<string> columns = [PeopleColumns.UserName, PeopleColumns.Name, PeopleColumns.Mail, PeopleColumns.Groups];
            if (source.PhoneAttribute is not null)
                columns.Add(PeopleColumns.Phone);
            if (source.SiteAttribute is not null)
                columns.Add(PeopleColumns.Site);
            if (_roles.Any)
                columns.Add(PeopleColumns.Roles);
            return new PeopleFile(columns, [.. _taken.Where(t => keeps(t.Line)).Select(t => new PeopleRow(t.Line, Cells(t.Entry)))], []);
        }

        private List<string> Cells(DirectoryEntry entry)
        {
            List<string> cells = [entry.UserName.Trim(), entry.DisplayName.Trim(), entry.Mail.Trim(), string.Join('|', GroupsOf(entry))];
            if (source.PhoneAttribute is not null)
                cells.Add(entry.Phone?.Trim() ?? "");
            if (source.SiteAttribute is not null)
                cells.Add(entry.Site?.Trim() ?? "");
            if (_roles.Any)
                cells.Add(string.Join('|', RolesOf(entry)));
            return cells;
        }

        private IEnumerable<string> RolesOf(DirectoryEntry entry)
        {
            var person = _byName.GetValueOrDefault(UniqueName.Normalize(entry.UserName));
            return _roles.RolesOf(entry, person?.Roles ?? [], person?.ExpiresAt is null ? Contracts.Roles.Staff : Contracts.Roles.Contractor);
        }

        // Groups that both have follow the directory; those that only we have are ours to fill.
        private IEnumerable<string> GroupsOf(DirectoryEntry entry)
        {
            var kept = (_byName.GetValueOrDefault(UniqueName.Normalize(entry.UserName))?.Groups ?? []).Select(g => g.Name).Where(g => !_theirs.Contains(UniqueName.Normalize(g)));
            return kept.Concat(entry.Groups.Select(g => _ours.GetValueOrDefault(UniqueName.Normalize(g))).OfType<string>()).Where(g => !g.Contains('|', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
        }

        public void Leave(ImportFault fault)
        {
            var entry = _taken.First(t => t.Line == fault.Line).Entry;
            var said = fault.Code is "twice-user-name" or "twice-mail" ? fault with { Code = $"directory-{fault.Code}", Detail = found.People[Convert.ToInt32(fault.Detail, System.Globalization.CultureInfo.InvariantCulture) - 1].Name } : fault;
            Problems.Add(new SyncProblem(entry.Name, said));
        }

        public List<SyncTie> Ties(HashSet<int> wrong) =>
            [.. _taken.Where(t => !wrong.Contains(t.Line)).Select(t => new SyncTie(UniqueName.Normalize(t.Entry.UserName), t.Entry.Key)).Concat(_shut).Where(t => !_byKey.ContainsKey(t.Key)).DistinctBy(t => t.Key, StringComparer.Ordinal).DistinctBy(t => t.UserName, StringComparer.Ordinal)];
    }
}
