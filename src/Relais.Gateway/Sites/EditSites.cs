using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;

namespace Relais.Gateway.Sites;

/// <summary>What came of a change of sites.</summary>
internal abstract record SiteResult
{
    private SiteResult() { }

    public sealed record Done(Guid Id) : SiteResult;

    /// <summary>The command that makes a machine the site's agent, to be shown once.</summary>
    public sealed record Issued(string Command, DateTimeOffset ExpiresAt) : SiteResult;

    /// <summary>Another site has the name.</summary>
    public sealed record NameTaken : SiteResult;

    public sealed record NameMalformed : SiteResult;

    public sealed record Missing : SiteResult;
}

/// <summary>Adds and removes sites, and decides which agents they have.</summary>
internal sealed class EditSites(GatewayDb db, SiteLinks links, ServerCertificate certificate, IOptions<GatewayOptions> options, TimeProvider clock)
{
    private const int TokenLengthBytes = 32;
    private const int HttpsPort = 443;

    public Task<List<Site>> ListAsync(CancellationToken cancel) => db.Sites.AsNoTracking().Include(s => s.Agents).OrderBy(s => EF.Functions.Collate(s.Name, NameOrder.Collation)).ToListAsync(cancel);

    public Task<Site?> FindAsync(Guid id, CancellationToken cancel) => db.Sites.AsNoTracking().Include(s => s.Agents).SingleOrDefaultAsync(s => s.Id == id, cancel);

    public async Task<SiteResult> AddAsync(string? name, Actor actor, CancellationToken cancel)
    {
        var typed = (name ?? "").Trim();
        if (!Site.IsName(typed))
            return new SiteResult.NameMalformed();
        var now = clock.GetUtcNow();
        var site = new Site { Id = Guid.CreateVersion7(now), Name = typed, NormalizedName = Site.Normalize(typed), AddedAt = now };
        db.Sites.Add(site);
        db.Audit(clock, actor, "site.added", EnrolAgent.Subject(site), site.Name);
        try
        {
            await db.SaveChangesAsync(cancel);
            return new SiteResult.Done(site.Id);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: SiteModel.NameIndex })
        {
            db.ChangeTracker.Clear();
            return new SiteResult.NameTaken();
        }
    }

    /// <summary>Its agents are cut and can never come back; its workstations are out of reach until another site of this name has an agent.</summary>
    public async Task<SiteResult> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Sites.SingleOrDefaultAsync(s => s.Id == id, cancel) is not { } site)
            return new SiteResult.Missing();
        db.Sites.Remove(site);
        db.Audit(clock, actor, "site.removed", EnrolAgent.Subject(site), site.Name);
        await db.SaveChangesAsync(cancel);
        foreach (var link in links.Of(site.Name))
            link.End();
        return new SiteResult.Done(id);
    }

    /// <param name="reached">How the administrator's browser reached this server; its port is the server's, its name only if it is one of ours.</param>
    public async Task<SiteResult> IssueAsync(Guid id, HostString reached, Actor actor, CancellationToken cancel)
    {
        if (await db.Sites.SingleOrDefaultAsync(s => s.Id == id, cancel) is not { } site)
            return new SiteResult.Missing();
        var now = clock.GetUtcNow();
        // Those of before this one that nobody used say nothing any more.
        await db.SiteTokens.Where(t => t.ExpiresAt < now.AddDays(-1)).ExecuteDeleteAsync(cancel);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenLengthBytes));
        var kept = new SiteToken
        {
            Id = Guid.CreateVersion7(now), SiteId = id, TokenHash = Grant.HashOf(token), IssuedAt = now, ExpiresAt = now + options.Value.AgentTokenLife,
        };
        db.SiteTokens.Add(kept);
        db.Audit(clock, actor, "site.token-issued", EnrolAgent.Subject(site), site.Name, new { until = kept.ExpiresAt });
        await db.SaveChangesAsync(cancel);
        return new SiteResult.Issued(CommandOf(token, reached), kept.ExpiresAt);
    }

    /// <summary>Ends its link here at once, at other nodes within a second or two.</summary>
    public async Task<SiteResult> RevokeAsync(Guid id, Guid agentId, Actor actor, CancellationToken cancel)
    {
        var site = await db.Sites.Include(s => s.Agents).SingleOrDefaultAsync(s => s.Id == id, cancel);
        if (site?.Agents.Find(a => a.Id == agentId) is not { } agent)
            return new SiteResult.Missing();
        if (agent.RevokedAt is null)
        {
            agent.RevokedAt = clock.GetUtcNow();
            db.Audit(clock, actor, "agent.revoked", EnrolAgent.Subject(site), site.Name, new { agent = agent.Id, name = agent.Name });
            await db.SaveChangesAsync(cancel);
        }

        links.Of(agentId)?.End();
        return new SiteResult.Done(agentId);
    }

    private string CommandOf(string token, HostString reached)
    {
        var name = certificate.NameFor(reached);
        var server = reached.Port is { } port and not HttpsPort ? $"https://{name}:{port}" : $"https://{name}";
        var pin = certificate.Authority is { } authority ? $" --pin {Convert.ToHexStringLower(SHA256.HashData(authority.RawData))}" : "";
        return $"relais agent --server {server}{pin} --token {token}";
    }
}
