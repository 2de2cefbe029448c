using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Events;
using Relais.Kernel.Verbs;

namespace Relais.Kernel;

public static class KernelModule
{
    public static IServiceCollection AddKernel(this IServiceCollection services)
    {
        services.AddSingleton(static provider => FastClock.Of(provider.GetRequiredService<IConfiguration>()));
        services.AddRelaisDatabase();
        services.AddSingleton<Outbox>();
        services.AddHostedService<DeliverEvents>();
        return services.AddVerb(VerifyAudit.Verb).AddVerb(ListEvents.Retry).AddVerb(ListEvents.List);
    }
}
