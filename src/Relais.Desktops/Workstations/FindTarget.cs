using System.Net;
using Microsoft.Extensions.Options;
using Relais.Desktops.Engine;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>Turns what was enrolled into an address that is allowed.</summary>
internal sealed class FindTarget(AddressSearch search, OfficeSites sites, DesktopsEngine engine, IOptions<WorkstationOptions> options)
{
    /// <summary>In a site, this server's own networks say nothing about an address: its agent dials it there.</summary>
    public AddressRefusal? Check(IPAddress address, string? site) =>
        site is null
            ? TargetAddress.Check(address, engine.Network, TargetAddress.OfThisServer(), options.Value.Allowed)
            : TargetAddress.Check(address, null, [], options.Value.Allowed);

    /// <returns>Null when no agent of the site is connected, whose resolver alone knows the name.</returns>
    public Task<Found?> HandleAsync(string host, string? site, CancellationToken cancel) =>
        search.HandleAsync(host, address => Check(address, site), site is null ? null : (name, stop) => sites.ResolveAsync(site, name, stop), cancel);
}
