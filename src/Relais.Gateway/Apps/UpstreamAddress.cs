using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;

namespace Relais.Gateway.Apps;

/// <summary>Says which addresses an app may have.</summary>
/// <param name="server">Null in the program's verbs, which listen nowhere.</param>
internal sealed class UpstreamAddress(OwnNetwork? own, IServer? server, IOptions<AppOptions> options)
{
    public AddressRefusal? Check(IPAddress address, int port)
    {
        var here = TargetAddress.OfThisServer().ToList();
        if (OwnPorts().Contains(port) && TargetAddress.Check(address, null, here, []) is AddressRefusal.Loopback or AddressRefusal.ThisServer or AddressRefusal.Unspecified)
            return AddressRefusal.Relais;
        return TargetAddress.Check(address, own?.Current(), here, options.Value.Allowed);
    }

    private IEnumerable<int> OwnPorts() =>
        server?.Features.Get<IServerAddressesFeature>()?.Addresses.Select(listened => new Uri(listened).Port) ?? [];
}

/// <summary>The app's address is not one that the gateway dials.</summary>
internal sealed class AddressRefusedException(AddressRefusal why) : IOException($"The address is refused: {why}.")
{
    public AddressRefusal Why { get; } = why;
}
