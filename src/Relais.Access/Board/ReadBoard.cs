using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Access.Directories;
using Relais.Access.Invitations;
using Relais.Access.SignIns;

namespace Relais.Access.Board;

/// <summary>Reads how far everybody is. One query over people and their invitations, one answer of the module that has the desktops and of each in which people work.</summary>
internal sealed class ReadBoard(AccessDb db, IEnumerable<IPeoplesDesktops> desktops, IEnumerable<IPeopleAtWork> work, TimeProvider clock)
{
    // Whoever was shut out long ago is nobody's concern this morning.
    private static readonly TimeSpan ShownAfterTheEnd = TimeSpan.FromDays(30);

    public async Task<BoardPicture> HandleAsync(BoardQuery query, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var standing = new Dictionary<PersonId, DesktopStanding>();
        foreach (var module in desktops)
        {
            foreach (var (person, desktop) in await module.StandingAsync(cancel))
                standing[person] = desktop;
        }

        var working = new HashSet<PersonId>();
        foreach (var module in work)
            working.UnionWith(await module.NowAsync(cancel));

        var rows = await RowsAsync(now - ShownAfterTheEnd, cancel);
        var people = rows.Select(row => Arrived(row, standing.GetValueOrDefault(new PersonId(row.Id)), working.Contains(new PersonId(row.Id)), now)).ToList();
        // Team 2 comes before team 10.
        var names = CultureInfo.CurrentCulture.CompareInfo.GetStringComparer(CompareOptions.NumericOrdering);
        people.Sort((a, b) => names.Compare(a.Name, b.Name) is not 0 and var order ? order : a.Id.CompareTo(b.Id));

        var groups = await db.Groups.AsNoTracking().ToDictionaryAsync(g => g.Id, g => g.Name, cancel);
        var byGroup = people.SelectMany(p => p.Groups.Select(g => (Group: g, Person: p))).ToLookup(pair => pair.Group, pair => pair.Person);
        return new BoardPicture(
            query,
            now,
            Tally.Of(null, "", people),
            [.. people.Where(p => p.Site is not null).GroupBy(p => p.Site ?? "", StringComparer.Ordinal).OrderBy(g => g.Key, names).Select(g => Tally.Of(g.Key, g.Key, [.. g]))],
            [.. groups.Where(g => byGroup.Contains(g.Key)).OrderBy(g => g.Value, names).Select(g => Tally.Of(g.Key.ToString(), g.Value, [.. byGroup[g.Key]]))],
            [.. people.Where(query.Keeps)],
            groups,
            people.Count(p => p.Queued),
            rows.Where(r => r.Invitation is { SentAt: null, Refused: false }).Select(r => r.Invitation?.Failure).FirstOrDefault(failure => failure is not null));
    }

    private async Task<List<Row>> RowsAsync(DateTimeOffset since, CancellationToken cancel) =>
        await db.People.AsNoTracking()
            .Where(p => (p.DisabledAt == null || p.DisabledAt > since) && (p.ExpiresAt == null || p.ExpiresAt > since))
            .Select(p => new Row(
                p.Id,
                p.UserName ?? "",
                p.DisplayName,
                p.Email,
                p.Site,
                p.Groups.Select(g => g.Id).ToList(),
                p.PasswordHash != null || DirectoryPasswords.PeopleOf(db).Contains(p.Id),
                p.DisabledAt != null,
                p.ExpiresAt,
                p.TotpSecret != null || db.Passkeys.Any(k => k.UserId == p.Id),
                db.SignIns.Any(s => s.PersonId == p.Id && s.Method != SignInMethod.NativeClient),
                db.Invitations.Where(i => i.PersonId == p.Id).OrderByDescending(i => i.CreatedAt).ThenByDescending(i => i.Id)
                    .Select(i => new Last(i.Way, i.SentAt, i.UsedAt, i.ExpiresAt, i.Failure, i.Refused)).FirstOrDefault()))
            .ToListAsync(cancel);

    private static Arrival Arrived(Row row, DesktopStanding? desktop, bool working, DateTimeOffset now)
    {
        var shutOut = row.Disabled || row.ExpiresAt <= now;
        var waits = !row.HasPassword && !shutOut;
        var queued = waits && row.Invitation is { Way: InvitationWay.Mail, SentAt: null, Refused: false } last && now < last.ExpiresAt;
        var (blocked, detail) = Block(row, desktop, waits, now);
        return new Arrival(
            row.Id, row.UserName, row.Name, row.Mail, row.Site, row.Groups,
            Invited: row.HasPassword || row.Invitation is not null,
            row.SignedIn,
            row.SecondFactor,
            Desktop: desktop?.Stage is DesktopStage.Ready or DesktopStage.InUse,
            Working: working || desktop?.Stage is DesktopStage.InUse,
            blocked, detail, queued, waits);
    }

    private static (string? Code, string? Detail) Block(Row row, DesktopStanding? desktop, bool waits, DateTimeOffset now)
    {
        if (row.Disabled)
            return ("disabled", null);
        if (row.ExpiresAt <= now)
            return ("expired", null);
        if (waits && row.Invitation is { Refused: true } refused)
            return ("mail-refused", refused.Failure);
        if (waits && row.Invitation is { UsedAt: null } old && now >= old.ExpiresAt)
            return ("invitation-expired", null);
        if (waits && row is { Invitation: null, Mail: null })
            return ("no-mail", null);
        return desktop?.Stage is DesktopStage.Failed ? ("desktop", desktop.Fault) : (null, null);
    }

    private sealed record Row(
        Guid Id, string UserName, string Name, string? Mail, string? Site, List<Guid> Groups, bool HasPassword, bool Disabled, DateTimeOffset? ExpiresAt,
        bool SecondFactor, bool SignedIn, Last? Invitation);

    private sealed record Last(InvitationWay Way, DateTimeOffset? SentAt, DateTimeOffset? UsedAt, DateTimeOffset ExpiresAt, string? Failure, bool Refused);
}
