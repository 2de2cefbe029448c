using System.Net;
using System.Net.Sockets;

namespace Relais.Gateway.Contracts;

/// <summary>Asks the system's resolver for the addresses of a name.</summary>
public delegate Task<IPAddress[]> ResolveName(string name, CancellationToken cancel);

/// <summary>A network that belongs to Relais itself and that nothing enrolled or published may lead into; null while there is none.</summary>
public sealed record OwnNetwork(Func<IPNetwork?> Current);

/// <summary>Where a target is at this moment.</summary>
public abstract record Found
{
    private Found() { }

    /// <summary>The one address that may be dialled. Nobody resolves the name again: the answer could be another one.</summary>
    public sealed record At(IPAddress Address) : Found;

    /// <summary>The resolver knows no address, or did not answer in time.</summary>
    public sealed record NameUnknown : Found;

    /// <summary>Every address is one that is not dialled.</summary>
    public sealed record Refused(AddressRefusal Why) : Found;
}

/// <summary>Turns a host, a name or an address, into an address that may be dialled.</summary>
public sealed class AddressSearch(ResolveName resolve, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The first address of <paramref name="host"/> that <paramref name="check"/> has nothing against.</summary>
    public async Task<Found> HandleAsync(string host, Func<IPAddress, AddressRefusal?> check, CancellationToken cancel)
    {
        if (TargetAddress.Parse(host) is { } literal)
            return check(literal) is { } why ? new Found.Refused(why) : new Found.At(TargetAddress.Plain(literal));

        AddressRefusal? refusal = null;
        foreach (var address in await ResolveAsync(host, cancel))
        {
            if (check(address) is not { } why)
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
}
