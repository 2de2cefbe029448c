using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Gateway.Relay;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Sites;

/// <summary>
/// /gateway/agent/link and /gateway/agent/carry: the WebSockets of agents. Their secret is in a header that no page can make a browser send, so
/// the origin says nothing here and cookies are not looked at.
/// </summary>
internal static class AgentDoor
{
    public const string LinkPath = "/gateway/agent/link";
    public const string CarryPath = "/gateway/agent/carry";
    public const string TicketHeader = "Relais-Ticket";

    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(20);

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Connect];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(LinkPath, Methods, LinkAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods(CarryPath, Methods, CarryAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task LinkAsync(
        HttpContext context, [FromServices] AgentAccess access, [FromServices] SiteLinks links, IHostApplicationLifetime lifetime, ILogger<AgentLink> log,
        CancellationToken cancel)
    {
        if (await AdmitAsync(context, access, log, cancel) is not { } found)
            return;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = KeepAliveInterval, KeepAliveTimeout = KeepAliveTimeout,
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        using var link = new AgentLink(socket, found.Agent, found.Site);
        var address = Actor.Of(context).Address;
        await access.ArrivedAsync(link, context.Request.Headers[AgentAccess.VersionHeader], address, cancel);
        GatewayLog.AgentConnected(log, found.Agent, found.Site, address);
        links.Add(link);
        try
        {
            await link.RunAsync(stop.Token);
        }
        finally
        {
            links.Remove(link);
            GatewayLog.AgentLeft(log, found.Agent, found.Site);
            await LeaveAsync(link, access, log);
        }
    }

    // What is not written here shows seconds later, because nobody writes any more that the agent was seen.
    private static async Task LeaveAsync(AgentLink link, AgentAccess access, ILogger log)
    {
        try
        {
            await access.LeftAsync(link, CancellationToken.None);
        }
        catch (ObjectDisposedException)
        {
            // The server ends without waiting for anybody, and its database connections are gone.
        }
        catch (Exception e) when (e is DbException || e.InnerException is DbException)
        {
            GatewayLog.AgentLeaveUnwritten(log, link.Agent, link.Site, e);
        }
    }

    private static async Task CarryAsync(
        HttpContext context, [FromServices] AgentAccess access, [FromServices] SiteLinks links, ILogger<AgentLink> log, CancellationToken cancel)
    {
        if (await AdmitAsync(context, access, log, cancel) is not { } found)
            return;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (context.Request.Headers[TicketHeader] is not [{ Length: > 0 } ticket] || links.Of(found.Agent) is not { } link || !link.Awaits(ticket))
            return;

        // Without a timeout of its own, because a reader that is behind does not see the other's pings: the link's timeout ends this as well.
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = KeepAliveInterval });
        await using var carried = new CarriedStream(socket);
        await using var lost = link.Closed.Register(socket.Abort);
        if (link.TryCarry(ticket, carried))
            await carried.Over;
    }

    private static async Task<(Guid Agent, string Site)?> AdmitAsync(HttpContext context, AgentAccess access, ILogger log, CancellationToken cancel)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        if (!context.WebSockets.IsWebSocketRequest)
            return null;
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        var found = await access.FindAsync(context.Request, cancel);
        if (found is null)
            GatewayLog.Refused(log, Actor.Of(context).Address, "no agent's secret, or one that was revoked");
        return found;
    }
}
