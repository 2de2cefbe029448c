using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Desktops.Pools;

internal static class PoolServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<PoolOptions>().BindConfiguration(PoolOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<ClaimMember>().AddScoped<DressSpare>().AddScoped<TendPools>().AddScoped<WithdrawMembers>().AddScoped<EditPools>().AddScoped<ListPools>();
        services.AddScoped<OpenMemberNatively>().AddScoped<INativeTargets, NativePools>();
        services.AddHostedService<WatchPoolRights>();
        services.AddNavigation(new NavigationItem("/desktops/pools", typeof(PoolsTexts), "Nav.Pools", "people", AccessPolicies.Administer, 201, NavigationGroup.Administration));
        services.AddHomeCard<PoolCard>(11, AccessPolicies.SignedIn);
        foreach (var verb in PoolVerbs.All)
            services.AddVerb(verb);
        services.AddVerb(SeedPool.Verb);
        services.AddAuditVocabulary<PoolsTexts>("pool.added", "pool.changed", "pool.removed", "pool.claimed", "pool.ended", "pool.withdrawn");
    }
}
