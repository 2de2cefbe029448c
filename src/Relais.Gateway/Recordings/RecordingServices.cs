using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Portal.Navigation;

namespace Relais.Gateway.Recordings;

internal static class RecordingServices
{
    private static readonly string[] Actions =
    [
        "recording.refused", "recording.dropped", "recording.replayed", "recording.held", "recording.released", "recording.purged", "recording.missing",
        "session.granted", "session.refused", "session.connected", "session.closed", "session.ended", "session.token-refused",
        "session.watch-asked", "session.watch-accepted", "session.watch-refused", "session.watch-over",
        "session.pictures-shown",
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddOptions<RecordingOptions>().BindConfiguration(RecordingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RecordingFolder>();
        services.AddScoped<RecordSession>();
        services.AddSingleton<PurgeRecordings>();
        services.AddHostedService(provider => provider.GetRequiredService<PurgeRecordings>());
        services.AddNavigation(new NavigationItem(
            "/recordings", typeof(GatewayTexts), "Nav.Recordings", "eye", AccessPolicies.Audit, 215, NavigationGroup.Administration));
        services.AddAuditVocabulary<GatewayTexts>(Actions);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        ListRecordings.Map(routes);
        ReplayRecording.Map(routes);
        HoldRecording.Map(routes);
    }
}
