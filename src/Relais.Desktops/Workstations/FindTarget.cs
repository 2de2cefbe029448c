using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Workstations;

/// <summary>Asks the system's resolver for the addresses of a name.</summary>
internal delegate Task<IPAddress[]> ResolveName(string name, CancellationToken cancel);

/// <summary>Where a workstation is at this moment.</summary>
internal abstract record Found
{
    private Found() { }

    /// <summary>The one address that may be dialled. Nobody resolves the name again: the answer could be another one.</summary>
    public sealed record At(IPAddress Address) : Found;

    public sealed record NameUnknown : Found;

    public sealed record Refused(AddressRefusal Why) : Found;

    /// <summary>No agent of its site is connected, whose resolver alone knows the name.</summary>
    public sealed record SiteAway : Found;
}

/// <summary>Turns what was enrolled into an address that is allowed.</summary>
internal sealed class FindTarget(ResolveName resolve, OfficeSites sites, DesktopsEngine engine, IOptions<WorkstationOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>In a site, this server's own networks say nothing about an address: its agent dials it there.</summary>
    public AddressRefusal? Check(IPAddress address, string? site) =>
        site is null ? TargetAddress.Check(address, engine.Network, Own(), options.Value.Allowed) : TargetAddress.Check(address, null, [], options.Value.Allowed);

    public async Task<Found> HandleAsync(string host, string? site, CancellationToken cancel)
    {
        if (TargetAddress.Parse(host) is { } literal)
            return Check(literal, site) is { } why ? new Found.Refused(why) : new Found.At(TargetAddress.Plain(literal));

        var addresses = site is null ? await ResolveAsync(host, cancel) : await ResolveThereAsync(host, site, cancel);
        if (addresses is null)
            return new Found.SiteAway();
        AddressRefusal? refusal = null;
        foreach (var address in addresses)
        {
            if (Check(address, site) is not { } why)
                return new Found.At(TargetAddress.Plain(address));
            refusal = why;
        }

        return refusal is { } refused ? new Found.Refused(refused) : new Found.NameUnknown();
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await resolve(host, either.Token);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<IPAddress>?> ResolveThereAsync(string host, string site, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await sites.ResolveAsync(site, host, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return [];
        }
    }

    // Read each time: addresses come and go with the networks that this machine joins.
    private static IEnumerable<IPAddress> Own() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address);
}
