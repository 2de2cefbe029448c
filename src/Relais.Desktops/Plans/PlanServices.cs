using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Desktops.Plans;

internal static class PlanServices
{
    private static readonly string[] Actions = ["plan.created", "plan.changed", "plan.removed", "plan.rehearsed", "plan.started", "plan.stopped", "plan.retried"];

    public static void Add(IServiceCollection services)
    {
        services.AddScoped<PlanPeople>().AddScoped<ListPlans>().AddScoped<ChangePlans>().AddScoped<RehearsePlan>().AddScoped<RehearsePools>().AddScoped<WorkPlans>().AddScoped<RetryRun>();
        services.AddNavigation(new NavigationItem("/plans", typeof(PlanTexts), "Nav.Plans", "shield", AccessPolicies.Administer, 203, NavigationGroup.Administration));
        foreach (var verb in PlanVerbs.All.Concat(PlanFileVerbs.All))
            services.AddVerb(verb);
        services.AddVerb(SeedPlans.Verb);
        services.AddAuditVocabulary<PlanTexts>(Actions);
    }
}
