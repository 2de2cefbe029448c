using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Relais.Kernel.Audit;

namespace Relais.Access.OpenId;

/// <summary>What an administrator says of an issuer, as it was typed. An empty secret keeps what is there.</summary>
internal sealed record IssuerFields(
    string? Name, string? Authority, string? ClientId, string? Secret, bool NoSecret, string? MailClaim, string? GroupsClaim, string? FactorAcr,
    bool CreatesPeople, bool FactorCounts, bool Enabled)
{
    public IReadOnlyList<Fault> Check()
    {
        var faults = new List<Fault>();
        Text(nameof(Name), Name, OpenIdIssuer.NameLength);
        Text(nameof(Authority), Authority, OpenIdIssuer.AuthorityLength);
        if (!string.IsNullOrWhiteSpace(Authority) && (!IssuerDiscovery.IsSafe(Authority.Trim()) || Authority.Contains('?', StringComparison.Ordinal) || Authority.Contains('#', StringComparison.Ordinal)))
            faults.Add(new Fault(nameof(Authority), "issuer-address"));
        Text(nameof(ClientId), ClientId, OpenIdIssuer.ClientIdLength);
        Text(nameof(MailClaim), MailClaim, OpenIdIssuer.ClaimLength);
        if (GroupsClaim?.Length > OpenIdIssuer.ClaimLength)
            faults.Add(new Fault(nameof(GroupsClaim), "long", OpenIdIssuer.ClaimLength));
        if (FactorAcr?.Length > OpenIdIssuer.AcrLength)
            faults.Add(new Fault(nameof(FactorAcr), "long", OpenIdIssuer.AcrLength));
        return faults;

        void Text(string field, string? typed, int limit)
        {
            if (string.IsNullOrWhiteSpace(typed))
                faults.Add(new Fault(field, "empty"));
            else if (typed.Trim().Length > limit)
                faults.Add(new Fault(field, "long", limit));
        }
    }
}

/// <summary>Adds, changes and removes issuers. It acts at once: the next sign-in reads the row.</summary>
internal sealed class EditIssuers(AccessDb db, IssuerSecrets secrets, IssuerDiscovery discovery, TimeProvider clock)
{
    public Task<List<OpenIdIssuer>> ListAsync(CancellationToken cancel) => db.OpenIdIssuers.AsNoTracking().OrderBy(i => i.Name).ThenBy(i => i.Id).ToListAsync(cancel);

    public Task<Dictionary<Guid, int>> LinkedAsync(CancellationToken cancel) =>
        db.OpenIdLinks.GroupBy(l => l.IssuerId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);

    /// <summary>Asks the issuer who it is. Null when all is well.</summary>
    public async Task<OpenIdProblem?> TryAsync(string authority, CancellationToken cancel)
    {
        discovery.Forget(authority);
        return await discovery.FindAsync(authority, cancel) switch
        {
            OpenIdConnectConfiguration found when !IssuerDiscovery.IsOf(found, authority) => OpenIdProblem.WrongIssuer,
            OpenIdConnectConfiguration found when IssuerDiscovery.IsSafe(found.AuthorizationEndpoint) && IssuerDiscovery.IsSafe(found.TokenEndpoint) => null,
            _ => OpenIdProblem.Away,
        };
    }

    /// <param name="id">Null adds one.</param>
    public async Task<Answer> SaveAsync(Guid? id, IssuerFields fields, Actor actor, CancellationToken cancel)
    {
        if (fields.Check() is { Count: > 0 } faults)
            return new Answer.Refused(faults);
        var (name, authority, client, mail) = (fields.Name?.Trim() ?? "", fields.Authority?.Trim() ?? "", fields.ClientId?.Trim() ?? "", fields.MailClaim?.Trim() ?? "");
        var issuer = id is null ? null : await db.OpenIdIssuers.SingleOrDefaultAsync(i => i.Id == id, cancel);
        if (issuer is null && id is not null)
            return new Answer.Missing();
        if (issuer is null)
        {
            issuer = new OpenIdIssuer { Id = Guid.CreateVersion7(), Name = name, Authority = authority, ClientId = client, MailClaim = mail, CreatedAt = clock.GetUtcNow() };
            db.OpenIdIssuers.Add(issuer);
        }
        else if (!string.Equals(issuer.Authority, authority, StringComparison.Ordinal))
        {
            // Another issuer's names for people are other people's; and a secret is for whom it was given.
            await db.OpenIdLinks.Where(l => l.IssuerId == issuer.Id).ExecuteDeleteAsync(cancel);
            issuer.Secret = null;
        }

        (issuer.Name, issuer.Authority, issuer.ClientId, issuer.MailClaim) = (name, authority, client, mail);
        issuer.GroupsClaim = Blank(fields.GroupsClaim);
        issuer.FactorAcr = Blank(fields.FactorAcr);
        (issuer.CreatesPeople, issuer.FactorCounts, issuer.Enabled) = (fields.CreatesPeople, fields.FactorCounts, fields.Enabled);
        issuer.Secret = fields.NoSecret ? null : string.IsNullOrEmpty(fields.Secret) ? issuer.Secret : secrets.Seal(fields.Secret);
        db.Audit(clock, actor, id is null ? "open-id.issuer-added" : "open-id.issuer-changed", SubjectOf(issuer), issuer.Name, new { authority = issuer.Authority, createsPeople = issuer.CreatesPeople, factorCounts = issuer.FactorCounts, enabled = issuer.Enabled });
        await db.SaveChangesAsync(cancel);
        discovery.Forget(authority);
        return new Answer.Done(issuer.Id);
    }

    /// <summary>Its people keep their accounts; what was opened by it ends.</summary>
    public async Task<string?> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.OpenIdIssuers.SingleOrDefaultAsync(i => i.Id == id, cancel) is not { } issuer)
            return null;
        var now = clock.GetUtcNow();
        await db.SignIns.Where(s => s.IssuerId == id && s.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), cancel);
        db.OpenIdIssuers.Remove(issuer);
        db.Audit(clock, actor, "open-id.issuer-removed", SubjectOf(issuer), issuer.Name);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return issuer.Name;
    }

    private static string? Blank(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    private static string SubjectOf(OpenIdIssuer issuer) => $"issuer:{issuer.Id}";
}
