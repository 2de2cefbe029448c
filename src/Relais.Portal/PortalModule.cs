using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FluentUI.AspNetCore.Components;
using Relais.Portal.Shell;

namespace Relais.Portal;

public static class PortalModule
{
    /// <summary>Registers the page shell; <paramref name="pages"/> are the modules' assemblies that hold pages.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services, params Assembly[] pages)
    {
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddFluentUIComponents();
        services.AddSingleton(new PageAssemblies(pages));
        return services;
    }

    public static void MapPortal(this WebApplication app)
    {
        var pages = app.Services.GetRequiredService<PageAssemblies>();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddAdditionalAssemblies([.. pages.Assemblies]);
    }
}
