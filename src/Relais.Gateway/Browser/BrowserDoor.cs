using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Browser;

/// <summary>What goes on over one WebSocket of a browser, from its first message to its end.</summary>
internal interface IBrowserConnection
{
    /// <param name="late">Fires when the first message has taken too long, counted from the arrival of the request.</param>
    Task RunAsync(WebSocket socket, HttpContext context, CancellationToken late);
}

/// <summary>
/// A path under /gateway/ where browsers open WebSockets. Who may pass: a signed-in person, from our own pages; then what is behind it asks
/// for a one-time token.
/// </summary>
internal static class BrowserDoor
{
    // A WebSocket begins with GET in HTTP/1.1 and with CONNECT in HTTP/2 (RFC 8441).
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Connect];

    internal static void Map<TConnection>(IEndpointRouteBuilder routes, string path)
        where TConnection : IBrowserConnection =>
        routes.MapMethods(
                path, Methods,
                (HttpContext context, [FromServices] TConnection connection, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<TConnection> log) =>
                    HandleAsync(context, connection, options.Value.HandshakeTime, clock, log))
            .RequireAuthorization(AccessPolicies.SignedIn).ExcludeFromDescription();

    private static async Task HandleAsync(HttpContext context, IBrowserConnection connection, TimeSpan time, TimeProvider clock, ILogger log)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // The cookie travels with requests that any site makes the browser send: only our own pages may open this.
        if (!IsOwnPage(context.Request))
        {
            GatewayLog.Refused(log, Actor.Of(context).Address, "foreign or absent origin");
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        // Before anything is answered: from then on the browser may take its time.
        using var limit = new CancellationTokenSource(time, clock);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(Accepting());
        await connection.RunAsync(socket, context, limit.Token);
    }

    internal static WebSocketAcceptContext Accepting() => new()
    {
        // Remote pictures are compressed already, and what SSH carries is encrypted.
        DangerousEnableCompression = false,
        KeepAliveInterval = TimeSpan.FromSeconds(15),
        KeepAliveTimeout = TimeSpan.FromSeconds(20),
    };

    internal static bool IsOwnPage(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
