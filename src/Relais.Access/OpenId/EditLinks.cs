using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Kernel.Audit;

namespace Relais.Access.OpenId;

/// <summary>Whom an issuer says a person is.</summary>
/// <param name="Subject">The issuer's own name for them.</param>
internal sealed record LinkRow(Guid Issuer, string Name, string Subject, DateTimeOffset LinkedAt);

/// <summary>Ties between people and their accounts at issuers: who has which, and undoing one. What it opened ends with it.</summary>
internal sealed class EditLinks(AccessDb db, TimeProvider clock)
{
    public Task<List<LinkRow>> OfAsync(Guid person, CancellationToken cancel) =>
        db.OpenIdLinks.AsNoTracking().Where(l => l.PersonId == person)
            .Join(db.OpenIdIssuers, l => l.IssuerId, i => i.Id, (l, i) => new { Link = l, i.Name })
            .OrderBy(l => l.Name).ThenBy(l => l.Link.IssuerId)
            .Select(l => new LinkRow(l.Link.IssuerId, l.Name, l.Link.Subject, l.Link.LinkedAt)).ToListAsync(cancel);

    public async Task<Answer> RemoveAsync(Guid person, Guid issuer, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // Locked against a sign-in that is being opened: see OpenSignIn.
        if (await db.People.FromSql($"SELECT * FROM access.person WHERE id = {person} FOR UPDATE").AsNoTracking().SingleOrDefaultAsync(cancel) is not { } owner
            || await db.OpenIdLinks.SingleOrDefaultAsync(l => l.PersonId == person && l.IssuerId == issuer, cancel) is not { } link)
            return new Answer.Missing();
        var name = await db.OpenIdIssuers.Where(i => i.Id == issuer).Select(i => i.Name).SingleAsync(cancel);
        var now = clock.GetUtcNow();
        var ended = await db.SignIns.Where(s => s.PersonId == person && s.IssuerId == issuer && s.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), cancel);
        db.OpenIdLinks.Remove(link);
        db.Audit(clock, actor, "open-id.unlinked", Subject.Of(owner), owner.DisplayName, new { issuer = name, signInsEnded = ended });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new Answer.Done(person);
    }
}
