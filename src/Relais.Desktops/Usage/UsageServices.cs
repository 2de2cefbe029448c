using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Usage;

internal static class UsageServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<NoteUsage>().AddScoped<ReadUsage>();
        services.AddHostedService<TakeSamples>();
        services.AddVerb(UsageApi.UsageVerb);
        services.AddVerb(UsageApi.ForecastVerb);
    }
}
