using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;
using Relais.Traffic.Collector;
using Relais.Traffic.Explore;
using Relais.Traffic.History;
using Relais.Traffic.Imports;
using Relais.Traffic.Live;
using Relais.Traffic.Log;
using Relais.Traffic.Replay;
using Relais.Traffic.Reports;
using Relais.Traffic.Samples;
using Relais.Traffic.Sites;
using Relais.Traffic.Streams;

namespace Relais.Traffic;

public static class TrafficModule
{
    /// <summary>Verbs that read and write plain files, without a server.</summary>
    public static IReadOnlyList<Verb> FileVerbs { get; } = [MeasureVerb.Verb, ImportVerb.Verb, ReportVerb.Verb, MoveVerb.Verb, PurgeVerb.Verb, SampleVerb.Verb];

    public static IServiceCollection AddTraffic(this IServiceCollection services)
    {
        services.AddModuleDb<TrafficDb>(TrafficDb.Schema);
        services.AddOptions<TrafficOptions>().BindConfiguration(TrafficOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BeaconCounts>().AddSingleton<OpenLogFiles>(static folder => new DiskFiles(folder)).AddSingleton<CollectorLog>().AddSingleton<KnownSites>().AddSingleton<LiveFigures>().AddSingleton<FollowLog>().AddSingleton<CollectorSignals>();
        services.AddHostedService(provider => provider.GetRequiredService<CollectorLog>());
        services.AddHostedService(provider => provider.GetRequiredService<KnownSites>());
        services.AddHostedService(provider => provider.GetRequiredService<FollowLog>());
        services.AddHostedService<WatchCollectors>();
        services.AddScoped<EditSites>();
        services.AddVerb(ReplayVerb.Verb);
        services.AddNavigation(new NavigationItem("/traffic", typeof(TrafficTexts), "Nav.Live", "pulse", AccessPolicies.ReadFigures, 50));
        services.AddNavigation(new NavigationItem("/traffic/sites", typeof(TrafficTexts), "Nav.Sites", "server", AccessPolicies.Administer, 235, NavigationGroup.Administration));
        services.AddAuditVocabulary<TrafficTexts>("traffic-site.added", "traffic-site.changed", "traffic-site.key-changed");
        HistoryParts.Add(services);
        WallParts.Add(services);
        return services;
    }

    /// <summary>Takes the beacons, where this node collects. Before all else: what a crowd sends meets no routing, no sign-in and no redirect.</summary>
    public static void AddCollectorBeforeServer(this IServiceCollection services) => CollectorServer.Wrap(services);

    public static void MapTraffic(this WebApplication app)
    {
        LiveStream.Map(app);
        HistoryParts.Map(app);
        WallParts.Map(app);
    }
}
