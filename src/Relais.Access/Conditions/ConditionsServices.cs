using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Access.Conditions;

internal static class ConditionsServices
{
    private static readonly string[] Actions =
    [
        "access-rule.added", "access-rule.changed", "access-rule.enabled", "access-rule.disabled", "access-rule.moved", "access-rule.removed",
        "access-rules.default-changed", "countries.imported", "access.refused", "person.second-factor-given",
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<CountryLookup>();
        services.AddScoped<AskConditions>().AddScoped<EditRules>().AddScoped<ImportCountries>().AddScoped<TryRules>().AddScoped<StepUp>();
        services.AddSingleton(provider => new AccessConditions(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddVerb(RuleVerbs.List).AddVerb(RuleVerbs.Try).AddVerb(RuleVerbs.Disable).AddVerb(RuleVerbs.Enable).AddVerb(RuleVerbs.Default);
        services.AddVerb(CountryVerb.Verb);
        foreach (var verb in RuleFileVerbs.All)
            services.AddVerb(verb);
        services.AddNavigation(new NavigationItem(
            RulesPage.Address, typeof(ConditionsTexts), "Rules", "lock", AccessPolicies.Administer, 32, NavigationGroup.Administration));
        services.AddAuditVocabulary<ConditionsTexts>(Actions);
    }
}
