using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relais.Traffic.Live;
using Relais.Traffic.Markers;

namespace Relais.Traffic.Links;

/// <summary>
/// What the page of a public link asks while it is open: the stream of what the link shows, and the markers. Each request finds the link anew, the stream each second; there is
/// nothing to ask that is not the link's.
/// </summary>
internal static class PublicDoor
{
    public const string Path = "/public/traffic";

    // A browser would come back at once.
    private const string LaterSeconds = "30";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"{Path}/{{token}}/live", Live).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet($"{Path}/{{token}}/markers", Markers).AllowAnonymous().ExcludeFromDescription();
    }

    internal static async Task<IResult> Live(string token, HttpContext context, KnownLinks links, PublicLimit limit, FigureStream stream, CancellationToken cancel)
    {
        if (!limit.Allows(context))
            return Later(context, StatusCodes.Status429TooManyRequests);
        if (await links.FindAsync(token, cancel) is not { Kind: LinkKind.Wall or LinkKind.Channel } link)
            return TypedResults.NotFound();
        if (!limit.TryEnter(link.Id))
            return Later(context, StatusCodes.Status503ServiceUnavailable);
        try
        {
            await stream.SendAsync(context, link.Kind == LinkKind.Channel ? link.Target : null, async stop => await links.FindAsync(token, stop) is not null);
        }
        finally
        {
            limit.Leave(link.Id);
        }

        return TypedResults.Empty;
    }

    internal static async Task<IResult> Markers(string token, HttpContext context, KnownLinks links, PublicLimit limit, ShownMarkers markers, CancellationToken cancel)
    {
        if (!limit.Allows(context))
            return Later(context, StatusCodes.Status429TooManyRequests);
        return await links.FindAsync(token, cancel) is { Kind: LinkKind.Wall or LinkKind.Channel } ? TypedResults.Ok(await markers.NowAsync(cancel)) : TypedResults.NotFound();
    }

    private static IResult Later(HttpContext context, int status)
    {
        context.Response.Headers.RetryAfter = LaterSeconds;
        return TypedResults.StatusCode(status);
    }
}
