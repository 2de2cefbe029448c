using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Gateway.Connect;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Sites;

/// <summary>Which agent a request is from, and what is written down of its coming and going.</summary>
internal sealed class AgentAccess(GatewayDb db, TimeProvider clock)
{
    public const string VersionHeader = "Relais-Agent-Version";

    /// <summary>Null when it shows no secret, or one of nobody or of a revoked agent.</summary>
    public async Task<(Guid Agent, string Site)?> FindAsync(HttpRequest request, CancellationToken cancel)
    {
        if (RedeemPass.Bearer(request) is not { } secret)
            return null;
        var hash = Grant.HashOf(secret);
        var found = await db.SiteAgents.Where(a => a.SecretHash == hash && a.RevokedAt == null)
            .Join(db.Sites, a => a.SiteId, s => s.Id, (a, s) => new { a.Id, s.NormalizedName }).SingleOrDefaultAsync(cancel);
        return found is null ? null : (found.Id, found.NormalizedName);
    }

    public async Task ArrivedAsync(AgentLink link, string? version, string? address, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var kept = version is { Length: > SiteAgent.VersionLength } ? version[..SiteAgent.VersionLength] : version;
        await db.SiteAgents.Where(a => a.Id == link.Agent).ExecuteUpdateAsync(
            set => set
                .SetProperty(a => a.LinkId, link.Id).SetProperty(a => a.ConnectedSince, now).SetProperty(a => a.SeenAt, now)
                .SetProperty(a => a.Version, kept).SetProperty(a => a.Address, address),
            cancel);
    }

    public async Task LeftAsync(AgentLink link, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // It may be back already, here or at another node.
        await db.SiteAgents.Where(a => a.Id == link.Agent && a.LinkId == link.Id).ExecuteUpdateAsync(
            set => set.SetProperty(a => a.LinkId, (Guid?)null).SetProperty(a => a.ConnectedSince, (DateTimeOffset?)null).SetProperty(a => a.SeenAt, now), cancel);
    }
}
