using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relais.Portal.Security;

namespace Relais.Portal.Assets;

/// <summary>The tag that other sites load, under a name that stays: <c>relais.js</c>.</summary>
internal static class ServeTag
{
    public const string Name = "relais.js";

    // Long enough that a visit loads it once, short enough that a repair arrives.
    private const string AnHour = "public, max-age=3600";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var folder = routes.ServiceProvider.GetRequiredService<WebAssets>().Folder;
        routes.MapMethods($"/{Name}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = AnHour;
            return ServeAssets.Smallest(context, Path.Combine(folder, Name), "text/javascript", File.Exists);
        }).WithMetadata(new ContentSecurityAttribute { Shared = true }).AllowAnonymous().ExcludeFromDescription();
    }
}
