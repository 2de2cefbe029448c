using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Localization;

namespace Relais.Access.SignIns;

/// <summary>A signed-in person reads their own language, whatever the browser's cookie or preference says.</summary>
internal static class PersonLanguage
{
    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.User.FindFirstValue(SignInPrincipal.Language) is { } language && !string.Equals(language, CultureInfo.CurrentUICulture.Name, StringComparison.Ordinal))
        {
            var culture = CultureInfo.GetCultureInfo(language);
            CultureInfo.CurrentCulture = culture;
            CultureInfo.CurrentUICulture = culture;
            context.Features.Set<IRequestCultureFeature>(new RequestCultureFeature(new RequestCulture(culture), provider: null));
            context.Response.Headers.ContentLanguage = culture.Name;
        }

        return next(context);
    });
}
