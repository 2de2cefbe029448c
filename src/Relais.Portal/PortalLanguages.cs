using Microsoft.AspNetCore.Builder;

namespace Relais.Portal;

/// <summary>The languages that every screen speaks. A cookie holds a person's choice, <see cref="Microsoft.AspNetCore.Localization.CookieRequestCultureProvider"/>'s.</summary>
public static class PortalLanguages
{
    public static readonly IReadOnlyList<string> All = ["fr", "en"];

    internal static void Use(IApplicationBuilder app) => app.UseRequestLocalization(localization =>
    {
        localization.SetDefaultCulture(All[0]).AddSupportedCultures([.. All]).AddSupportedUICultures([.. All]);
        localization.ApplyCurrentCultureToResponseHeaders = true;
    });
}
