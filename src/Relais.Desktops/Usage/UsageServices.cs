using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Desktops.Usage;

internal static class UsageServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<NoteUsage>().AddScoped<SumDays>().AddScoped<ReadUsage>().AddScoped<ReadForecast>();
        services.AddHostedService<TakeSamples>();
        services.AddNavigation(new NavigationItem("/desktops/usage", typeof(UsageTexts), "Nav.Usage", "pulse", AccessPolicies.Administer, 204, NavigationGroup.Administration));
        services.AddVerb(UsageVerbs.Usage);
        services.AddVerb(UsageVerbs.Forecasts);
    }
}
