using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Kernel.Events;

namespace Relais.Access.OpenId;

internal abstract record MatchAnswer
{
    private MatchAnswer() { }

    internal sealed record Found(Person Person) : MatchAnswer;

    internal sealed record Failed(OpenIdProblem Problem, Person? Person = null) : MatchAnswer;
}

/// <summary>
/// Who of ours an issuer speaks of: by the tie of an earlier sign-in; else, once, by an e-mail address that the issuer has verified. An address that it has
/// not verified never counts: whoever may type any address there would be anybody here.
/// </summary>
internal sealed class MatchPerson(AccessDb db, TimeProvider clock, Outbox outbox)
{
    private static readonly string[] GroupsChanged = ["groups"];

    public async Task<MatchAnswer> HandleAsync(OpenIdIssuer issuer, OpenIdIdentity identity, Actor actor, CancellationToken cancel)
    {
        var person = await db.OpenIdLinks.Where(l => l.IssuerId == issuer.Id && l.Subject == identity.Subject).Select(l => l.Person).SingleOrDefaultAsync(cancel);
        if (person is null)
        {
            var (matched, problem) = await FirstAsync(issuer, identity, actor, cancel);
            if (matched is null)
                return new MatchAnswer.Failed(problem);
            person = matched;
        }

        if (!person.MaySignIn(clock.GetUtcNow()))
            return new MatchAnswer.Failed(person.DisabledAt is null ? OpenIdProblem.AccessEnded : OpenIdProblem.Disabled, person);
        await JoinGroupsAsync(identity, person, actor, cancel);
        return new MatchAnswer.Found(person);
    }

    private async Task<(Person? Person, OpenIdProblem Problem)> FirstAsync(OpenIdIssuer issuer, OpenIdIdentity identity, Actor actor, CancellationToken cancel)
    {
        if (identity is not { Mail: { } mail, MailVerified: true })
            return (null, OpenIdProblem.NoVerifiedMail);
        var normalized = UniqueName.Normalize(mail);
        var person = await db.People.SingleOrDefaultAsync(p => p.NormalizedEmail == normalized, cancel);
        if (person is null && (!issuer.CreatesPeople || (person = Create(identity, mail, actor)) is null))
            return (null, OpenIdProblem.Unknown);

        // An address that somebody else got since is still not this person.
        if (await db.OpenIdLinks.AnyAsync(l => l.IssuerId == issuer.Id && l.PersonId == person.Id, cancel))
            return (null, OpenIdProblem.OtherAccount);
        db.OpenIdLinks.Add(new OpenIdLink { IssuerId = issuer.Id, Subject = identity.Subject, PersonId = person.Id, LinkedAt = clock.GetUtcNow() });
        db.Audit(clock, actor, "open-id.linked", Subject.Of(person), person.DisplayName, new { issuer = issuer.Name });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Two sign-ins at once, or a user name that is somebody's: the next try finds what is there now.
            db.ChangeTracker.Clear();
            return (null, OpenIdProblem.Unknown);
        }

        return (person, default);
    }

    private Person? Create(OpenIdIdentity identity, string mail, Actor actor)
    {
        var name = identity.UserName is { } given && PersonRules.UserName(given) is null ? given : mail.Split('@')[0];
        if (PersonRules.UserName(name) is not null || PersonRules.Email(mail) is not null)
            return null;
        var shown = identity.Name is { } called && PersonRules.Name(called) is null ? called.Trim() : name;
        var person = new Person
        {
            Id = Guid.CreateVersion7(), CreatedAt = clock.GetUtcNow(), MustChangePassword = true, Roles = [Contracts.Roles.Staff], DisplayName = shown,
            UserName = name, NormalizedUserName = UniqueName.Normalize(name), Email = mail, NormalizedEmail = UniqueName.Normalize(mail),
        };
        db.People.Add(person);
        db.Audit(clock, actor, "person.created", Subject.Of(person), person.DisplayName, new { userName = person.UserName, roles = person.Roles });
        outbox.Tell(db, new PeopleEnrolled(Guid.CreateVersion7(), [new EnrolledPerson(person.Id, null)]));
        return person;
    }

    // Groups of ours that the issuer names, too. It takes nobody out: others may have put them in.
    private async Task JoinGroupsAsync(OpenIdIdentity identity, Person person, Actor actor, CancellationToken cancel)
    {
        if (identity.Groups.Count == 0)
            return;
        var named = identity.Groups.Select(UniqueName.Normalize).ToArray();
        var missing = await db.Groups.Where(g => named.Contains(g.NormalizedName) && !g.People.Any(p => p.Id == person.Id)).ToListAsync(cancel);
        if (missing.Count == 0)
            return;
        var kept = await db.People.Include(p => p.Groups).SingleAsync(p => p.Id == person.Id, cancel);
        kept.Groups.AddRange(missing);
        db.Audit(clock, actor, "person.changed", Subject.Of(person), person.DisplayName, new { changed = GroupsChanged, roles = person.Roles });
        await db.SaveChangesAsync(cancel);
    }
}
