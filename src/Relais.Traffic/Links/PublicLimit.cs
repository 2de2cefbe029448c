using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Relais.Traffic.Collector;

namespace Relais.Traffic.Links;

/// <summary>How much of the public pages one network and one link may have, in tables of fixed size.</summary>
internal sealed class PublicLimit(IOptions<PublicLinkOptions> options, Senders senders, TimeProvider clock)
{
    private readonly NetworkLimit _requests = new(options.Value.PerNetworkPerMinute, sparesLoopback: false);
    private readonly ConcurrentDictionary<Guid, int> _streams = new();

    /// <summary>Whether this network has not asked too often in this minute. Public pages, figures and streams count alike, and so do wrong tokens.</summary>
    public bool Allows(HttpContext context) => _requests.Allows(senders.Of(context), clock.GetUtcNow().ToUnixTimeSeconds() / 60, 1);

    /// <summary>Whether one more may look at a link's stream; <see cref="Leave"/> when they go.</summary>
    public bool TryEnter(Guid link)
    {
        if (_streams.AddOrUpdate(link, 1, static (_, count) => count + 1) <= options.Value.StreamsPerLink)
            return true;
        Leave(link);
        return false;
    }

    public void Leave(Guid link) => _streams.AddOrUpdate(link, 0, static (_, count) => count - 1);
}
