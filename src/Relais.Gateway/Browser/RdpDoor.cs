using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;

namespace Relais.Gateway.Browser;

/// <summary>
/// /gateway/rdp: a browser's WebSocket to one target. Who may pass: a signed-in person, from our own pages, with a one-time token.
/// </summary>
internal static class RdpDoor
{
    public const string Path = "/gateway/rdp";

    // A WebSocket begins with GET in HTTP/1.1 and with CONNECT in HTTP/2 (RFC 8441).
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Connect];

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(Path, Methods, HandleAsync).RequireAuthorization(AccessPolicies.SignedIn).ExcludeFromDescription();

    private static async Task HandleAsync(HttpContext context, RdpConnection connection)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // The cookie travels with requests that any site makes the browser send: only our own pages may open this.
        if (!IsOwnPage(context.Request))
        {
            connection.RefusedForOrigin(context);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            // Remote pictures are compressed already.
            DangerousEnableCompression = false,
            KeepAliveInterval = TimeSpan.FromSeconds(15),
            KeepAliveTimeout = TimeSpan.FromSeconds(20),
        });
        await connection.RunAsync(socket, context);
    }

    internal static bool IsOwnPage(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
