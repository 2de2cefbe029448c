using Microsoft.AspNetCore.Routing;

namespace Relais.Gateway.Browser;

/// <summary>/gateway/rdp: IronRDP's WebSocket to one target.</summary>
internal static class RdpDoor
{
    public const string Path = "/gateway/rdp";

    internal static void Map(IEndpointRouteBuilder routes) => BrowserDoor.Map<RdpConnection>(routes, Path);
}
