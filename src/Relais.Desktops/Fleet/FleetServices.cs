using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Verbs;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Desktops.Fleet;

internal static class FleetServices
{
    private static readonly string[] Actions =
    [
        "desktop.restarted", "desktop.rebuilt", "desktop.snapshot", "desktop.restored", "desktop.moved", "desktop.resized", "desktop.archived",
        "desktop.unarchived", "desktop.delete-asked", "desktop.kept", "desktop.always-on", "desktop.auto-stop", "desktop.tagged", "desktop.untagged", "bundle.build-asked", "bundle.rolled-out",
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<BundleCatalog>();
        services.AddScoped<BundleImages>().AddScoped<ChangeBundles>().AddScoped<ListBundles>();
        services.AddScoped<AskFleet>().AddScoped<ListJobs>().AddScoped<WorkJobs>().AddScoped<TendFleet>();
        services.AddHostedService<BuildImages>();
        services.AddNavigation(new NavigationItem("/desktops/bundles", typeof(FleetTexts), "Nav.Bundles", "database", AccessPolicies.Administer, 202, NavigationGroup.Administration));
        foreach (var verb in FleetVerbs.All.Concat(JobVerbs.All))
            services.AddVerb(verb);
        services.AddAuditVocabulary<FleetTexts>(Actions);
    }
}
