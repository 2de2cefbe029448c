using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;

namespace Relais.Gateway.Apps;

internal static class AppServices
{
    private static readonly string[] Actions = ["app.published", "app.changed", "app.withdrawn", "app.opened", "app.code-refused"];

    // What the launcher's own settings say when there is no server: its verbs publish the sample app.
    private static readonly string[] DefaultNames = ["localhost"];

    public static void Add(IServiceCollection services)
    {
        services.AddOptions<AppOptions>().BindConfiguration(AppOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpForwarder();
        services.TryAddSingleton<ResolveName>(Dns.GetHostAddressesAsync);
        services.AddSingleton<AddressSearch>();
        services.AddSingleton(provider => new AppHosts(provider.GetService<ServerCertificate>()?.Names ?? DefaultNames));
        services.AddSingleton(provider => new UpstreamAddress(
            provider.GetService<OwnNetwork>(), provider.GetService<IServer>(), provider.GetRequiredService<IOptions<AppOptions>>()));
        services.AddSingleton(provider => new PublishedHosts(provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<AppHosts>()));
        services.AddSingleton<UpstreamConnections>().AddSingleton<IdentityKeys>().AddSingleton<LiveVisits>();
        services.AddScoped<EnterApp>().AddScoped<FindVisit>().AddScoped<EditApps>();
        services.AddSingleton<AppScreen>();
        // By hand, as the forwarder and its connections are of use in a server only.
        services.AddScoped(provider => ActivatorUtilities.CreateInstance<ForwardToApp>(provider));
        services.AddScoped(provider => ActivatorUtilities.CreateInstance<AppDoor>(provider));
        services.AddHostedService<WatchVisits>();
        services.AddVerb(SeedApps.Verb);
        services.AddHomeCard<AppsCard>(30, AccessPolicies.SignedIn);
        services.AddNavigation(new NavigationItem("/apps", typeof(AppTexts), "Nav.Apps", "open", AccessPolicies.Administer, 207, NavigationGroup.Administration));
        services.AddAuditVocabulary<AppTexts>(Actions);
    }

    public static void Map(IEndpointRouteBuilder routes) => PublishKeys.Map(routes);
}
