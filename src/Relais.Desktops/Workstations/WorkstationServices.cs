using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Desktops.Workstations;

internal static class WorkstationServices
{
    private static readonly string[] Actions =
    [
        "workstation.enrolled", "workstation.changed", "workstation.removed", "workstation.pinned", "workstation.certificate-changed",
        "workstation.certificate-approved", "workstation.certificate-kept", "workstation.account-kept", "workstation.account-forgotten",
        "workstation.asked", "workstation.lent", "workstation.not-lent",
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddOptions<WorkstationOptions>().BindConfiguration(WorkstationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FindTarget>().AddSingleton<WakeWorkstation>();
        services.AddScoped<AllowedWorkstations>().AddScoped<EditWorkstations>().AddScoped<ListWorkstations>().AddScoped<ImportWorkstations>();
        services.AddScoped<AskForWorkstation>().AddScoped<KnockAtWorkstation>().AddScoped<GiveAccount>().AddScoped<OpenWorkstation>().AddScoped<RelayThroughDesktop>();
        services.AddScoped<INativeTargets, NativeWorkstations>();
        services.AddSingleton<ProbeWorkstations>();
        services.AddHostedService(provider => provider.GetRequiredService<ProbeWorkstations>());
        services.AddNavigation(new NavigationItem(
            "/workstations", typeof(WorkstationsTexts), "Nav.Workstations", "device", AccessPolicies.Administer, 205, NavigationGroup.Administration));
        services.AddNavigation(new NavigationItem("/workstations/ask", typeof(WorkstationsTexts), "Nav.Ask", "key", AccessPolicies.SignedIn, 60));
        services.AddHomeCard<WorkstationCard>(20, AccessPolicies.SignedIn);
        services.AddShellTargets(ConnectToWorkstation.FindAsync);
        services.AddVerb(SeedWorkstations.Verb);
        services.AddAuditVocabulary<WorkstationsTexts>(Actions);
    }
}
