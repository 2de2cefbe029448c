using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Desktops.Capacity;

internal static class CapacityServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<ReadCapacity>().AddScoped<AdmitDesktops>().AddScoped<ListQueue>();
        services.AddNavigation(new NavigationItem(
            "/desktops/capacity", typeof(CapacityTexts), "Nav.Capacity", "server", AccessPolicies.Administer, 204, NavigationGroup.Administration));
        services.AddVerb(CapacityApi.Verb);
    }
}
