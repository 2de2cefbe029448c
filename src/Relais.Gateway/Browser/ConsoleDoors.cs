using Microsoft.AspNetCore.Routing;
using Relais.Gateway.Consoles;

namespace Relais.Gateway.Browser;

/// <summary>/gateway/vnc and /gateway/ssh: noVNC's and the terminal's WebSocket to one target.</summary>
internal static class ConsoleDoors
{
    public const string VncPath = "/gateway/vnc";
    public const string SshPath = "/gateway/ssh";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        BrowserDoor.Map<VncConnection>(routes, VncPath);
        BrowserDoor.Map<SshConnection>(routes, SshPath);
    }
}
