using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relais.Gateway.Browser;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Connect;

/// <summary>
/// /gateway/tcp-ssh: the WebSocket of <c>relais connect</c>. Its pass is in a header that no page can make a browser send, so the origin says
/// nothing here and cookies are not looked at.
/// </summary>
internal static class ShellDoor
{
    public const string Path = "/gateway/tcp-ssh";
    public const string HostHeader = "Relais-Host";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Connect];

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Path, Methods, HandleAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task HandleAsync(
        HttpContext context, RedeemPass redeem, ShellConnection connection, IEnumerable<FindShellTarget> finders, CancellationToken cancel)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        if (!context.WebSockets.IsWebSocketRequest || context.Request.Headers[HostHeader] is not [{ Length: > 0 and <= 253 } host])
            return;

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        if (RedeemPass.Bearer(context.Request) is not { } secret || await redeem.HandleAsync(secret, cancel) is not { } owner)
        {
            connection.Refused(context, "no pass, or one that ended");
            return;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        SessionTarget? target = null;
        foreach (var find in finders)
            target ??= await find(context.RequestServices, owner.Person, host, cancel);
        if (target is not { Protocol: TargetProtocol.Ssh })
            return;

        var actor = Actor.Of(context) with { Id = $"person:{owner.Person}" };
        var (session, refusal) = await connection.OpenAsync(owner.Person, owner.SignIn, target, actor, cancel);
        if (session is null)
        {
            context.Response.StatusCode = (int)refusal;
            return;
        }

        // Before anything is answered: from then on the client may take its time.
        using var limit = connection.StartLimit();
        using var socket = await context.WebSockets.AcceptWebSocketAsync(BrowserDoor.Accepting());
        await connection.RunAsync(socket, session, limit.Token, context.RequestAborted);
    }
}
