using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Relais.Portal.Kit;

namespace Relais.Portal.Appearance;

internal static class ChooseTheme
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/theme", Handle).AllowAnonymous().ExcludeFromDescription();

    internal static RedirectHttpResult Handle([FromForm] string? theme, [FromForm] string? returnUrl, HttpContext context)
    {
        if (theme is not null && Theme.All.Contains(theme, StringComparer.Ordinal))
        {
            context.Response.Cookies.Append(Theme.Cookie, theme, new CookieOptions
            {
                HttpOnly = true,
                Secure = true,
                SameSite = SameSiteMode.Lax,
                MaxAge = Kept,
                IsEssential = true,
            });
        }

        return TypedResults.LocalRedirect(LocalUrl.OrHome(returnUrl));
    }
}
