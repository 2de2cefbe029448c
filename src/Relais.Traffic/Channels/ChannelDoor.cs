using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Traffic.Live;

namespace Relais.Traffic.Channels;

/// <summary>Where a channel's card is, and <c>GET /traffic/live/channel?name=</c>: the figures of one channel, second by second.</summary>
internal static class ChannelDoor
{
    /// <summary>A card's address is this and the channel's name.</summary>
    public const string Path = "/traffic/channels/";

    private const string StreamPath = "/traffic/live/channel";

    public static string CardOf(string channel) => Path + Uri.EscapeDataString(channel);

    public static string StreamOf(string channel) => $"{StreamPath}?name={Uri.EscapeDataString(channel)}";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet(StreamPath, Handle)
        .RequireAuthorization(AccessPolicies.ReadFigures).WithName("LiveChannel").WithTags("Traffic").WithSummary("Live figures of one channel, one event a second (server-sent events)");

    internal static async Task<EmptyHttpResult> Handle(string name, HttpContext context, FigureStream stream)
    {
        await stream.SendAsync(context, name, static _ => ValueTask.FromResult(true));
        return TypedResults.Empty;
    }
}
