using System.Net;
using Relais.Gateway.Contracts;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Sites;

/// <summary>
/// The one way from the gateway to a target: from this server itself, or through the agent of the target's site. A site without its agent
/// is not reached: the same address may be another machine's in this server's own network.
/// </summary>
internal sealed class DialTarget(SiteLinks links)
{
    public ReachTarget Through(string? site) => site is null ? TargetLink.DialAsync : (address, cancel) => DialAsync(site, address, cancel);

    private async Task<TargetLink> DialAsync(string site, IPEndPoint address, CancellationToken cancel)
    {
        var fault = SiteFault.Away;
        foreach (var link in links.Of(site))
        {
            try
            {
                return await link.DialAsync(address, cancel);
            }
            catch (SiteException e)
            {
                // Another agent of the site may be there, go there or have room.
                fault = e.Fault;
            }
        }

        throw new SiteException(fault);
    }
}
