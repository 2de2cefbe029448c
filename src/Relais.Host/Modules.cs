using Relais.Access;
using Relais.Audience;
using Relais.Desktops;
using Relais.Fieldwork;
using Relais.Gateway;
using Relais.Kernel;
using Relais.Kernel.Verbs;
using Relais.Portal;
using Relais.Telephony;
using Relais.Traffic;

namespace Relais.Host;

/// <summary>The list of modules.</summary>
internal static class Modules
{
    /// <summary>Verbs that read and write files only: they run without settings, services or a database.</summary>
    public static IReadOnlyList<Verb> FileVerbs { get; } = [.. AudienceModule.FileVerbs, .. FieldworkModule.FileVerbs, .. TelephonyModule.FileVerbs, .. TrafficModule.FileVerbs];

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        services.AddKernel();
        services.AddPortal(typeof(AccessModule).Assembly, typeof(GatewayModule).Assembly, typeof(DesktopsModule).Assembly, typeof(AudienceModule).Assembly, typeof(FieldworkModule).Assembly, typeof(TelephonyModule).Assembly, typeof(TrafficModule).Assembly);
        services.AddAccess();
        services.AddGateway();
        services.AddDesktops();
        services.AddAudience();
        services.AddFieldwork();
        services.AddTelephony();
        services.AddTraffic();
    }

    /// <summary>What comes even before the redirect to HTTPS: TLS may end in front of a collector.</summary>
    public static void AddFirst(IServiceCollection services) => services.AddCollectorBeforeServer();

    /// <summary>Middleware, in the order in which requests pass it.</summary>
    public static void Use(WebApplication app)
    {
        app.UseGateway();
        app.UsePortal();
        app.UseAccess();
        app.UseWebSockets();
    }

    public static void Map(WebApplication app)
    {
        app.MapAccess();
        app.MapGateway();
        app.MapDesktops();
        app.MapAudience();
        app.MapFieldwork();
        app.MapTelephony();
        app.MapTraffic();
        app.MapPortal();
    }
}
