using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Accounts;
using Relais.Access.Directories;
using Relais.Kernel.Audit;
using Relais.Kernel.Events;

namespace Relais.Access.Invitations;

/// <summary>What came of inviting people.</summary>
/// <param name="Invited">How many have a new invitation.</param>
/// <param name="HavePassword">How many need none: they have chosen a password.</param>
/// <param name="NoMail">How many have no mail address: a sheet is for them.</param>
/// <param name="ShutOut">How many may not sign in.</param>
/// <param name="Batch">The new invitations.</param>
internal sealed record InvitedPeople(int Invited, int HavePassword, int NoMail, int ShutOut, Guid Batch);

/// <summary>An invitation is to be sent by mail.</summary>
internal sealed record InvitationDue(Guid Id, Guid Invitation) : IEvent
{
    public string Key => $"invitation:{Invitation}";
}

/// <summary>Invites those of some people who have no password yet, by mail or on a sheet. What invitations they had before end.</summary>
internal sealed class InvitePeople(AccessDb db, InvitationToken tokens, IOptions<InvitationOptions> options, TimeProvider clock, Outbox outbox)
{
    /// <param name="portal">Scheme, name and port of the portal as whoever invites has it open; the operator's setting comes first.</param>
    public async Task<InvitedPeople> HandleAsync(IReadOnlyCollection<Guid> people, InvitationWay way, string portal, Actor actor, CancellationToken cancel)
    {
        var (now, batch) = (clock.GetUtcNow(), Guid.CreateVersion7());
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var asked = await db.People.AsNoTracking().Where(p => people.Contains(p.Id)).OrderBy(p => p.Id).ToListAsync(cancel);
        var elsewhere = await DirectoryPasswords.PeopleOf(db).Where(id => people.Contains(id)).ToHashSetAsync(cancel);
        var waiting = asked.Where(p => !HasPassword(p) && p.MaySignIn(now)).ToList();
        var invited = waiting.Where(p => way is InvitationWay.Sheet || p.Email is not null).ToList();

        var ids = invited.Select(p => p.Id).ToList();
        await db.Invitations.Where(i => ids.Contains(i.PersonId) && i.UsedAt == null && i.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.EndedAt, now), cancel);
        foreach (var person in invited)
            Add(person, way, batch, Address(portal), now, actor);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new InvitedPeople(
            invited.Count, asked.Count(HasPassword), waiting.Count - invited.Count, asked.Count(p => !HasPassword(p) && !p.MaySignIn(now)), batch);

        // The directory's counts as one.
        bool HasPassword(Person person) => person.PasswordHash is not null || elsewhere.Contains(person.Id);
    }

    private void Add(Person person, InvitationWay way, Guid batch, string portal, DateTimeOffset now, Actor actor)
    {
        var id = Guid.CreateVersion7();
        db.Invitations.Add(new Invitation
        {
            Id = id,
            PersonId = person.Id,
            TokenHash = tokens.HashFor(id),
            Way = way,
            Batch = batch,
            Portal = portal,
            CreatedAt = now,
            ExpiresAt = now + options.Value.Life,
        });
        if (way is InvitationWay.Mail)
            outbox.Tell(db, new InvitationDue(Guid.CreateVersion7(), id));
        db.Audit(clock, actor, "person.invited", Subject.Of(person), person.DisplayName, new { way = way.ToString() });
    }

    private string Address(string portal) => (options.Value.Portal?.GetLeftPart(UriPartial.Authority) ?? portal).TrimEnd('/');
}
