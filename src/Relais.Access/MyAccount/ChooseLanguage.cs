using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Portal;
using Relais.Portal.Kit;

namespace Relais.Access.MyAccount;

/// <summary>The language switch: remembered by the browser, and by the account of who is signed in.</summary>
internal static class ChooseLanguage
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/language", Handle).AllowAnonymous().ExcludeFromDescription();

    internal static async Task<RedirectHttpResult> Handle(
        [FromForm] string? culture, [FromForm] string? returnUrl, HttpContext context, AccessDb db, CancellationToken cancel)
    {
        if (culture is not null && PortalLanguages.All.Contains(culture, StringComparer.Ordinal))
        {
            Remember(context, culture);
            if (context.User.Identity is { IsAuthenticated: true })
            {
                var id = context.User.PersonId().Value;
                await db.People.Where(p => p.Id == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, culture), cancel);
            }
        }

        return TypedResults.LocalRedirect(LocalUrl.OrHome(returnUrl));
    }

    public static void Remember(HttpContext context, string? language)
    {
        if (language is null)
            return;
        context.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
            new CookieOptions { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, MaxAge = Kept, IsEssential = true });
    }
}
