using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;
using Relais.Traffic.Channels;
using Relais.Traffic.Collector;
using Relais.Traffic.Demo;
using Relais.Traffic.Links;
using Relais.Traffic.Markers;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Live;

/// <summary>What of the module is around the live wall: markers, cards of channels, public links, the demo, the sites' interface.</summary>
internal static class WallParts
{
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PublicLinkOptions>().BindConfiguration(PublicLinkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ShownMarkers>().AddScoped<EditMarkers>();
        services.AddSingleton<ChannelCurves>().AddHostedService(static provider => provider.GetRequiredService<ChannelCurves>());
        services.AddSingleton<FigureStream>().AddSingleton<ReadChannel>().AddSingleton<Senders>();
        services.AddSingleton<KnownLinks>().AddSingleton<PublicLimit>().AddSingleton<PublicViews>().AddScoped<EditLinks>();
        services.AddSingleton<PurgeFigures>().AddHostedService(static provider => provider.GetRequiredService<PurgeFigures>());
        services.AddSingleton<OwnAddress>().AddSingleton<Speech>().AddHostedService<PlayListeners>().AddVerb(SeedTraffic.Verb);
        services.AddKeyResources<SiteKeyResources>();
        services.AddNavigation(new NavigationItem("/traffic/links", typeof(WallTexts), "Links", "open", AccessPolicies.Research, 57));
        services.AddAuditVocabulary<WallTexts>("traffic-marker.added", "traffic-marker.removed", "traffic-link.made", "traffic-link.revoked", "traffic-speech.played");
    }

    public static void Map(WebApplication app)
    {
        ShownMarkers.Map(app);
        ChannelDoor.Map(app);
        PublicDoor.Map(app);
        PlaySpeech.Map(app);
        SitesApi.Map(app);
    }
}
