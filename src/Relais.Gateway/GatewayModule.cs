using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Agent;
using Relais.Gateway.Apps;
using Relais.Gateway.Browser;
using Relais.Gateway.Connect;
using Relais.Gateway.Consoles;
using Relais.Gateway.Contracts;
using Relais.Gateway.Feed;
using Relais.Gateway.Native;
using Relais.Gateway.Pictures;
using Relais.Gateway.Recordings;
using Relais.Gateway.Sessions;
using Relais.Gateway.Sites;
using Relais.Gateway.Watching;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;
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
            provider.GetRequiredService<IDataProtectionProvider>(), provider.GetRequiredService<IOptions<GatewayOptions>>(),
            provider.GetRequiredService<LiveSessions>(), provider.GetRequiredService<RecordingFolder>()));
        services.AddSingleton(provider => new TargetProbe(provider.GetRequiredService<DialTarget>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<RedeemGrant>();
        services.AddScoped<CloseConnection>();
        services.AddScoped<HoldSession>();
        services.AddScoped<RdpConnection>();
        services.AddScoped<ServeConsole>();
        services.AddScoped<VncConnection>();
        services.AddScoped<SshConnection>();
        services.AddScoped<RedeemPass>();
        services.AddScoped<ShellConnection>();
        services.AddVerb(ConnectVerb.Verb);
        services.AddSingleton<LiveSessions>();
        services.AddPeopleAtWork<PeopleInSessions>();
        RecordingServices.Add(services);
        services.AddScoped<TellOfWatches>();
        services.AddScoped<WatchConnection>();
        AddNative(services);
        FeedServices.Add(services);
        AppServices.Add(services);
        services.AddHostedService<WatchSessions>();
        AddSites(services);
        services.AddNavigation(new NavigationItem("/sessions", typeof(GatewayTexts), "Nav.Sessions", "session", AccessPolicies.Supervise, 210, NavigationGroup.Administration));
        return services;
    }

    private static void AddSites(IServiceCollection services)
    {
        services.AddSingleton<SiteLinks>();
        services.AddSingleton<DialTarget>();
        services.AddSingleton(provider => new OfficeSites(
            provider.GetRequiredService<SiteLinks>(), provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<AgentAccess>();
        services.AddScoped(provider => ActivatorUtilities.CreateInstance<EditSites>(provider));
        services.AddHostedService<WatchAgents>();
        services.AddVerb(AgentVerb.Verb);
        services.AddNavigation(new NavigationItem("/sites", typeof(GatewayTexts), "Nav.Sites", "server", AccessPolicies.Administer, 207, NavigationGroup.Administration));
        services.AddAuditVocabulary<GatewayTexts>(
            "site.added", "site.removed", "site.token-issued", "agent.enrolled", "agent.token-refused", "agent.revoked",
            "connect.allowed", "connect.revoked");
    }

    // By hand, because only the server has a certificate: verbs build the same services without one.
    private static void AddNative(IServiceCollection services)
    {
        services.AddSingleton<HalfTunnels>();
        services.AddSingleton<Lobby>();
        services.AddSingleton(provider => new NativeFile(provider.GetRequiredService<ServerCertificate>()));
        services.AddScoped(provider => ActivatorUtilities.CreateInstance<NativeConnection>(provider));
        services.AddScoped(provider => ActivatorUtilities.CreateInstance<NativeDoor>(provider));
    }

    /// <summary>Takes the requests that are for an internal app's host name. Before the portal, whose headers, language and sign-in are not the apps'.</summary>
    public static void UseGateway(this WebApplication app) => AppDoor.Use(app);

    public static void MapGateway(this WebApplication app)
    {
        RdpDoor.Map(app);
        NativeDoor.Map(app);
        FeedDoor.Map(app);
        ConsoleDoors.Map(app);
        ShellDoor.Map(app);
        AskPass.Map(app);
        AllowPass.Map(app);
        ListSessions.Map(app);
        EndSession.Map(app);
        AppServices.Map(app);
        RecordingServices.Map(app);
        AskToWatch.Map(app);
        AnswerWatch.Map(app);
        SendPicture.Map(app);
        ShowPicture.Map(app);
        BrowserDoor.Map<WatchConnection>(app, WatchConnection.Path);
        AgentDoor.Map(app);
        EnrolAgent.Map(app);
        SitesApi.Map(app);
    }
}
