using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Gateway.Protocols.Agents;
using Relais.Gateway.Relay;
using Relais.Gateway.Sites;
using Relais.Kernel.Database;

namespace Relais.Gateway.Contracts;

/// <summary>Whether a site's machines can be reached.</summary>
public enum SiteState
{
    /// <summary>An agent of it is connected.</summary>
    Connected,

    /// <summary>One was a moment ago and is expected back: agents return by themselves.</summary>
    Returning,

    /// <summary>None is, or there is no such site.</summary>
    Away,
}

/// <summary>The office networks whose machines are reached through an agent there. Safe to use from a singleton, and from several threads.</summary>
public sealed class OfficeSites
{
    // An agent tries again within a minute at most, and a server that starts again takes seconds.
    private static readonly TimeSpan ReturnTime = TimeSpan.FromMinutes(1);

    private readonly SiteLinks _links;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;

    internal OfficeSites(SiteLinks links, IServiceScopeFactory scopes, TimeProvider clock) => (_links, _scopes, _clock) = (links, scopes, clock);

    /// <summary>The names of all sites, in order.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancel)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<GatewayDb>().Sites.OrderBy(s => EF.Functions.Collate(s.Name, NameOrder.Collation)).Select(s => s.Name).ToListAsync(cancel);
    }

    /// <summary>Whether its machines can be reached now.</summary>
    public async Task<SiteState> StateAsync(string site, CancellationToken cancel)
    {
        if (_links.Of(site).Count > 0)
            return SiteState.Connected;
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var (name, since) = (Site.Normalize(site), _clock.GetUtcNow() - ReturnTime);
        return await db.Sites.AnyAsync(s => s.NormalizedName == name && s.Agents.Any(a => a.RevokedAt == null && a.SeenAt > since), cancel)
            ? SiteState.Returning
            : SiteState.Away;
    }

    /// <summary>Asks the site's own resolver for the addresses of a name.</summary>
    /// <returns>Those that its agent would dial; null when no agent is connected.</returns>
    public async Task<IReadOnlyList<IPAddress>?> ResolveAsync(string site, string name, CancellationToken cancel) =>
        await DoAsync(site, AgentDeed.Resolve, name, cancel) is { } answer
            ? [.. (answer.Addresses ?? []).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()]
            : null;

    /// <summary>
    /// Has the magic packet broadcast in the networks of a site, by all of its agents: each may stand in another network of the office. One that
    /// does not answer holds nobody up.
    /// </summary>
    /// <returns>Whether an agent did it.</returns>
    public async Task<bool> WakeAsync(string site, ReadOnlyMemory<byte> hardwareAddress, CancellationToken cancel)
    {
        var what = Convert.ToHexString(hardwareAddress.Span);
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // All are asked before any answer is waited for; what is asked goes out whether or not its answer is.
        var asked = _links.Of(site).Select(link => WakeAsync(link, what, woken.Token)).ToList();
        await foreach (var answered in Task.WhenEach(asked))
        {
            if (await answered)
                await woken.CancelAsync();
        }

        cancel.ThrowIfCancellationRequested();
        return woken.IsCancellationRequested;
    }

    private static async Task<bool> WakeAsync(AgentLink link, string what, CancellationToken enough)
    {
        try
        {
            return await link.DoAsync(AgentDeed.Wake, what, enough) is { Fault: AgentFault.None };
        }
        catch (Exception e) when (e is SiteException or OperationCanceledException)
        {
            // It left, or another one did it meanwhile.
            return false;
        }
    }

    private async Task<AgentAnswer?> DoAsync(string site, AgentDeed deed, string what, CancellationToken cancel)
    {
        foreach (var link in _links.Of(site))
        {
            try
            {
                return await link.DoAsync(deed, what, cancel);
            }
            catch (SiteException)
            {
                // It left: another one may be there.
            }
        }

        return null;
    }
}
