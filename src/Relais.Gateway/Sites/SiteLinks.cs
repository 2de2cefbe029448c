using System.Collections.Concurrent;

namespace Relais.Gateway.Sites;

/// <summary>The agents that are connected to this node.</summary>
internal sealed class SiteLinks
{
    private readonly ConcurrentDictionary<Guid, AgentLink> _byAgent = new();

    public IReadOnlyCollection<AgentLink> All => [.. _byAgent.Values];

    /// <summary>An agent that connects again has lost its old link, whether that knows it or not.</summary>
    public void Add(AgentLink link)
    {
        AgentLink? before = null;
        _byAgent.AddOrUpdate(link.Agent, link, (_, old) =>
        {
            before = old;
            return link;
        });
        before?.End();
    }

    public void Remove(AgentLink link) => _byAgent.TryRemove(new KeyValuePair<Guid, AgentLink>(link.Agent, link));

    public AgentLink? Of(Guid agent) => _byAgent.GetValueOrDefault(agent);

    /// <summary>Those of a site; each serves as well as another.</summary>
    public IReadOnlyList<AgentLink> Of(string site)
    {
        var name = Site.Normalize(site);
        return [.. _byAgent.Values.Where(link => link.Site == name && !link.Closed.IsCancellationRequested)];
    }
}
