using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;

namespace Relais.Traffic.Live;

/// <summary><c>GET /traffic/live</c>: the figures of each second as server-sent events; first "curve", the last ten minutes, then "second" once a second.</summary>
internal static class LiveStream
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/traffic/live", Handle)
        .RequireAuthorization(AccessPolicies.ReadFigures).WithName("LiveTraffic").WithTags("Traffic").WithSummary("Live figures, one event a second (server-sent events)");

    internal static Task Handle(HttpContext context, FigureStream stream) => stream.SendAsync(context, channel: null, static _ => ValueTask.FromResult(true));
}
