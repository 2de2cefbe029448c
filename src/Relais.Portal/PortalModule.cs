using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relais.Portal.Appearance;
using Relais.Portal.Assets;
using Relais.Portal.Kit;
using Relais.Portal.Problems;
using Relais.Portal.Security;
using Relais.Portal.Shell;

namespace Relais.Portal;

public static class PortalModule
{
    /// <summary>Registers the page shell; <paramref name="pages"/> are the modules' assemblies that hold pages.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services, params Assembly[] pages)
    {
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddCascadingAuthenticationState();
        services.AddAuthorization();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "__Host-relais-form";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddHttpContextAccessor();
        services.AddProblemDetails(ProblemScreens.Complete);
        services.AddOptions<WebAssetOptions>().BindConfiguration(WebAssetOptions.Section);
        services.AddOptions<PlaceOptions>().BindConfiguration(PlaceOptions.Section).Validate(PlaceOptions.IsKnown, "Portal:TimeZone is no IANA time zone.").ValidateOnStart();
        services.AddSingleton<WebAssets>();
        services.AddSingleton<Notices>();
        services.AddSingleton(new PageAssemblies(pages));
        return services;
    }

    /// <summary>
    /// What surrounds every request: headers, error screens, language, routing. The host adds authentication, authorization
    /// and antiforgery after it, so that what they refuse is shown as a page too.
    /// </summary>
    public static void UsePortal(this WebApplication app)
    {
        SecurityHeaders.Use(app);
        PortalLanguages.Use(app);
        ProblemScreens.Use(app);
        app.UseRouting();
    }

    public static void MapPortal(this WebApplication app)
    {
        var pages = app.Services.GetRequiredService<PageAssemblies>();
        ServeAssets.Map(app);
        ServeTag.Map(app);
        ChooseTheme.Map(app);
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddAdditionalAssemblies([.. pages.Assemblies]);
    }
}
