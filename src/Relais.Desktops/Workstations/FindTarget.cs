using System.Net;
using Microsoft.Extensions.Options;
using Relais.Desktops.Engine;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>Turns what was enrolled into an address that is allowed.</summary>
internal sealed class FindTarget(AddressSearch search, DesktopsEngine engine, IOptions<WorkstationOptions> options)
{
    public AddressRefusal? Check(IPAddress address) =>
        TargetAddress.Check(address, engine.Network, TargetAddress.OfThisServer(), options.Value.Allowed);

    public Task<Found> HandleAsync(string host, CancellationToken cancel) => search.HandleAsync(host, Check, cancel);
}
