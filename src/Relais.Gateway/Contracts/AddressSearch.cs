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
    public async Task<Found> HandleAsync(string host, Func<IPAddress, AddressRefusal?> check, CancellationToken cancel) =>
        await HandleAsync(host, check, elsewhere: null, cancel) ?? new Found.NameUnknown();

    /// <summary>The first address of <paramref name="host"/> that <paramref name="check"/> has nothing against.</summary>
    /// <param name="elsewhere">Resolves where the host is, in place of the system's resolver here; answers null when it cannot be asked.</param>
    /// <returns>Null when <paramref name="elsewhere"/> could not be asked.</returns>
    public async Task<Found?> HandleAsync(
        string host, Func<IPAddress, AddressRefusal?> check, Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>?>>? elsewhere, CancellationToken cancel)
    {
        if (TargetAddress.Parse(host) is { } literal)
            return check(literal) is { } why ? new Found.Refused(why) : new Found.At(TargetAddress.Plain(literal));

        if (await ResolveAsync(host, elsewhere ?? (async (name, stop) => await resolve(name, stop)), cancel) is not { } addresses)
            return null;
        AddressRefusal? refusal = null;
        foreach (var address in addresses)
        {
            if (check(address) is not { } why)
                return new Found.At(TargetAddress.Plain(address));
            refusal = why;
        }

        return refusal is { } refused ? new Found.Refused(refused) : new Found.NameUnknown();
    }

    private async Task<IReadOnlyList<IPAddress>?> ResolveAsync(
        string host, Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>?>> ask, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await ask(host, either.Token);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return [];
        }
    }
}
