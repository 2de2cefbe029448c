using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.Groups;
using Relais.Kernel.Database;

namespace Relais.Access.Imports;

/// <summary>Reads a list of people against those there are: every fault, and what it would change. A column that is not there keeps what is.</summary>
internal sealed class PlanImport(AccessDb db, InstituteCalendar calendar, TimeProvider clock, IEnumerable<IPeoplesDesktops> desktops)
{
    public async Task<ImportPlan> HandleAsync(PeopleFile file, CancellationToken cancel)
    {
        if (file.Rows.Count == 0)
            return new ImportPlan([], file.Faults, []);
        var kept = await db.People.AsNoTracking().Include(p => p.Groups).AsSplitQuery().ToListAsync(cancel);
        var reading = new Reading(
            file,
            kept.ToDictionary(p => p.NormalizedUserName ?? "", StringComparer.Ordinal),
            kept.Where(p => p.NormalizedEmail is not null).ToDictionary(p => p.NormalizedEmail ?? "", StringComparer.Ordinal),
            await db.Groups.AsNoTracking().ToDictionaryAsync(g => g.NormalizedName, StringComparer.Ordinal, cancel),
            [.. desktops.SelectMany(d => d.Choices()).Select(choice => choice.Name)],
            calendar);
        foreach (var row in file.Rows)
            reading.Take(row);
        return new ImportPlan(reading.Lines, [.. file.Faults.Concat(reading.Faults).OrderBy(f => f.Line).ThenBy(f => f.Column)], await AbsentAsync(reading.Named, cancel));
    }

    private async Task<IReadOnlyList<AbsentPerson>> AbsentAsync(IReadOnlySet<string> named, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var people = await db.People.AsNoTracking().Where(p => p.DisabledAt == null && (p.ExpiresAt == null || p.ExpiresAt > now))
            .OrderBy(p => EF.Functions.Collate(p.DisplayName, NameOrder.Collation)).ThenBy(p => p.Id)
            .Select(p => new { p.Id, p.UserName, p.NormalizedUserName, p.DisplayName }).ToListAsync(cancel);
        return [.. people.Where(p => !named.Contains(p.NormalizedUserName ?? "")).Select(p => new AbsentPerson(p.Id, p.UserName ?? "", p.DisplayName))];
    }

    private sealed class Reading(
        PeopleFile file, Dictionary<string, Person> people, Dictionary<string, Person> byMail, Dictionary<string, Group> groups,
        IReadOnlyList<string> bundles, InstituteCalendar calendar)
    {
        private readonly Dictionary<string, int> _mails = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
        private readonly HashSet<string> _named = new(StringComparer.Ordinal);

        public List<ImportLine> Lines { get; } = [];

        public List<ImportFault> Faults { get; } = [];

        /// <summary>Whom the file names, lines with faults included.</summary>
        public IReadOnlySet<string> Named => _named;

        public void Take(PeopleRow row)
        {
            var before = Faults.Count;
            var userName = UniqueName.Normalize(Cell(row, PeopleColumns.UserName) ?? "");
            _named.Add(userName);
            var existing = people.GetValueOrDefault(userName);
            if (userName.Length > 0 && !_names.TryAdd(userName, row.Line))
                Add(row, PeopleColumns.UserName, "twice-user-name", _names[userName]);
            TakeMail(row, existing);

            var named = GroupsOf(row, existing);
            var fields = FieldsOf(row, existing, named);
            foreach (var fault in (fields with { KeptLastDay = calendar.LastDayBefore(existing?.ExpiresAt) }).Check(calendar.Today))
                AddRule(row, fault);
            if (Faults.Count == before)
                Lines.Add(new ImportLine(row.Line, existing?.Id, fields, existing is null ? [] : ChangesOf(fields, existing, named)));
        }

        private void TakeMail(PeopleRow row, Person? existing)
        {
            if (Cell(row, PeopleColumns.Mail) is not { Length: > 0 } typed)
                return;
            var mail = UniqueName.Normalize(typed);
            if (!_mails.TryAdd(mail, row.Line))
                Add(row, PeopleColumns.Mail, "twice-mail", _mails[mail]);
            else if (byMail.GetValueOrDefault(mail) is { } owner && owner.Id != existing?.Id)
                Add(row, PeopleColumns.Mail, "mail-taken", owner.UserName);
        }

        private List<Group> GroupsOf(PeopleRow row, Person? existing)
        {
            if (Cell(row, PeopleColumns.Groups) is not { } cell)
                return existing?.Groups ?? [];
            var named = new List<Group>();
            foreach (var name in cell.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!groups.TryGetValue(UniqueName.Normalize(name), out var group))
                    Add(row, PeopleColumns.Groups, "group-unknown", name, name);
                else if (!named.Contains(group))
                    named.Add(group);
            }

            return named;
        }

        private PersonFields FieldsOf(PeopleRow row, Person? existing, List<Group> named)
        {
            var until = Cell(row, PeopleColumns.Until);
            var bundle = Cell(row, PeopleColumns.Bundle);
            if (bundle is { Length: > 0 })
            {
                if (bundles.FirstOrDefault(name => string.Equals(name, bundle, StringComparison.OrdinalIgnoreCase)) is { } known)
                    bundle = known;
                else
                    Add(row, PeopleColumns.Bundle, "bundle-unknown", string.Join(", ", bundles));
            }

            var lastDay = until is null ? InstituteCalendar.Write(calendar.LastDayBefore(existing?.ExpiresAt)) : PeopleCells.Day(until);
            return new PersonFields(
                Cell(row, PeopleColumns.UserName),
                Cell(row, PeopleColumns.Name),
                Cell(row, PeopleColumns.Mail),
                PeopleCells.Language(Cell(row, PeopleColumns.Language)) ?? existing?.Language ?? "fr",
                existing?.KeyboardLayout ?? KeyboardLayouts.Default,
                lastDay,
                RolesOf(row, existing, lastDay),
                [.. named.Select(group => group.Id).Order()],
                Cell(row, PeopleColumns.Site),
                Cell(row, PeopleColumns.Phone),
                bundle);
        }

        private IReadOnlyList<string> RolesOf(PeopleRow row, Person? existing, string? lastDay)
        {
            if (Cell(row, PeopleColumns.Roles) is not { Length: > 0 } cell)
                return existing?.Roles ?? [string.IsNullOrEmpty(lastDay) ? Contracts.Roles.Staff : Contracts.Roles.Contractor];
            var roles = new List<string>();
            foreach (var typed in cell.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (PeopleColumns.RoleOf(typed) is { } role)
                    roles.Add(role);
                else
                    Add(row, PeopleColumns.Roles, "role-unknown", string.Join(", ", Contracts.Roles.All), typed);
            }

            return roles.Count > 0 ? roles : [Contracts.Roles.Staff];
        }

        private IReadOnlyList<ImportChange> ChangesOf(PersonFields fields, Person before, List<Group> named)
        {
            var after = new Person { Site = before.Site, Phone = before.Phone, Bundle = before.Bundle };
            fields.ApplyTo(after, calendar);
            var changes = new List<ImportChange>();
            Compare(PeopleColumns.UserName, before.UserName, after.UserName);
            Compare(PeopleColumns.Name, before.DisplayName, after.DisplayName);
            Compare(PeopleColumns.Mail, before.Email, after.Email);
            Compare(PeopleColumns.Groups, Names(before.Groups), Names(named));
            Compare(PeopleColumns.Bundle, before.Bundle, after.Bundle);
            Compare(PeopleColumns.Language, before.Language, after.Language);
            Compare(PeopleColumns.Site, before.Site, after.Site);
            Compare(PeopleColumns.Until, Day(before), Day(after));
            Compare(PeopleColumns.Phone, before.Phone, after.Phone);
            Compare(PeopleColumns.Roles, string.Join(" | ", before.Roles), string.Join(" | ", after.Roles));
            return changes;

            void Compare(string field, string? old, string? now)
            {
                if (!string.Equals(old ?? "", now ?? "", StringComparison.Ordinal))
                    changes.Add(new ImportChange(field, old ?? "", now ?? ""));
            }

            string? Day(Person person) => InstituteCalendar.Write(calendar.LastDayBefore(person.ExpiresAt));
        }

        private static string Names(IEnumerable<Group> groups) => string.Join(" | ", groups.Select(g => g.Name).Order(StringComparer.Ordinal));

        private void AddRule(PeopleRow row, Fault fault)
        {
            var (column, code) = PeopleCells.Rule(fault);
            // The cell's own fault was told already, in better words.
            if (!Faults.Exists(f => f.Line == row.Line && string.Equals(f.Field, column, StringComparison.Ordinal)))
                Add(row, column, code, fault.Limit);
        }

        private void Add(PeopleRow row, string column, string code, object? detail = null, string? value = null) =>
            Faults.Add(new ImportFault(row.Line, file.ColumnOf(column), column, value ?? Cell(row, column) ?? "", code, detail));

        private string? Cell(PeopleRow row, string column) => file.Cell(row, column);
    }
}
