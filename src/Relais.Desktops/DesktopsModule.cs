using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Capacity;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Desktops.Fleet;
using Relais.Desktops.Members;
using Relais.Desktops.Plans;
using Relais.Desktops.Pools;
using Relais.Desktops.Transfer;
using Relais.Desktops.Usage;
using Relais.Desktops.Workstations;
using Relais.Gateway.Contracts;
using Relais.Kernel.Database;
using Relais.Kernel.Events;
using Relais.Portal.Navigation;

namespace Relais.Desktops;

public static class DesktopsModule
{
    public static IServiceCollection AddDesktops(this IServiceCollection services)
    {
        services.AddModuleDb<DesktopsDb>(DesktopsDb.Schema);
        services.AddOptions<DesktopsOptions>().BindConfiguration(DesktopsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DesktopsEngine>();
        services.AddSingleton(provider => new OwnNetwork(() => provider.GetRequiredService<DesktopsEngine>().Network));
        services.AddScoped<MyDesktop>();
        services.AddScoped<INativeTargets, NativeDesktop>();
        services.AddPeoplesDesktops<PeoplesDesktops>();
        services.AddConsumer<PeopleEnrolled, AllocateDesktops>("desktops-enrolled", (allocate, enrolled, cancel) => allocate.HandleAsync(enrolled, cancel));
        services.AddScoped<DriveDesktop>().AddScoped<DesktopTold>().AddScoped<DriveHome>();
        FleetServices.Add(services);
        PlanServices.Add(services);
        PoolServices.Add(services);
        TransferServices.Add(services);
        CapacityServices.Add(services);
        UsageServices.Add(services);
        MemberServices.Add(services);
        services.AddHostedService<Reconcile>();
        services.AddNavigation(new NavigationItem("/desktops", typeof(DesktopsTexts), "Nav.Desktops", "desktop", AccessPolicies.Administer, 200, NavigationGroup.Administration));
        services.AddHomeCard<DesktopCard>(10, AccessPolicies.SignedIn);
        services.AddAuditVocabulary<DesktopsTexts>("desktop.allocated", "desktop.running", "desktop.frozen", "desktop.stopped", "desktop.deleted");
        WorkstationServices.Add(services);
        return services;
    }

    public static void MapDesktops(this WebApplication app)
    {
        OpenDesktop.Map(app);
        SaveDesktopFile.Map(app);
        ListDesktops.Map(app);
        ChangeDesktop.Map(app);
        FleetApi.Map(app);
        OpenMember.Map(app);
        SaveMemberFile.Map(app);
        PoolsApi.Map(app);
        CapacityApi.Map(app);
        UsageApi.Map(app);
        DrainsApi.Map(app);
        BundlesApi.Map(app);
        PlansApi.Map(app);
        TransferServices.Map(app);
        OpenWorkstation.Map(app);
        SaveWorkstationFile.Map(app);
        WorkstationsApi.Map(app);
    }
}
