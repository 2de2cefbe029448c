using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Browser;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;
using Relais.Kernel.Database;
using Relais.Portal.Navigation;

namespace Relais.Gateway;

public static class GatewayModule
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddModuleDb<GatewayDb>(GatewayDb.Schema);
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped(provider => new SessionDoor(
            provider.GetRequiredService<GatewayDb>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IDataProtectionProvider>(), provider.GetRequiredService<IOptions<GatewayOptions>>()));
        services.AddSingleton(provider => new TargetProbe(provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<RedeemGrant>();
        services.AddScoped<CloseConnection>();
        services.AddScoped<RdpConnection>();
        services.AddSingleton<LiveSessions>();
        services.AddHostedService<WatchSessions>();
        services.AddNavigation(new NavigationItem("/sessions", typeof(GatewayTexts), "Nav.Sessions", "session", AccessPolicies.Administer, 210, NavigationGroup.Administration));
        return services;
    }

    public static void MapGateway(this WebApplication app)
    {
        RdpDoor.Map(app);
        ListSessions.Map(app);
        EndSession.Map(app);
    }
}
