using Microsoft.AspNetCore.Http;

namespace Relais.Portal.Appearance;

/// <summary>Light, dark, or as the device says. The page is written with it, so that nothing flashes.</summary>
internal static class Theme
{
    public const string Cookie = "relais-theme";
    public const string Auto = "auto";
    public static readonly IReadOnlyList<string> All = [Auto, "light", "dark"];

    public static string Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<PageThemeAttribute>()?.Theme switch
    {
        null => Known(context.Request.Cookies[Cookie]),
        "query" => Known(context.Request.Query["theme"]),
        var theme => theme,
    };

    private static string Known(string? chosen) => chosen is not null && All.Contains(chosen, StringComparer.Ordinal) ? chosen : Auto;
}
