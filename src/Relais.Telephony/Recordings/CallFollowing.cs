using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Portal.Navigation;
using Relais.Telephony.Contracts;
using Relais.Telephony.Quality;
using Relais.Telephony.Speaking;

namespace Relais.Telephony.Recordings;

/// <summary>What listens to calls: recordings and quality.</summary>
internal static class CallFollowing
{
    private static readonly string[] Actions =
    [
        "call-recording.refused", "call-recording.dropped", "call-recording.opened", "call-recording.played", "call-recording.downloaded", "call-recording.held", "call-recording.released",
        "call-recording.deleted", "call-recording.purged", "call-recording.missing", "call-recording.recovered", "call-recording.altered", "call-recording.policy", "call-recording.policy-removed",
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddOptions<CallRecordingOptions>().BindConfiguration(CallRecordingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<QualityOptions>().BindConfiguration(QualityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WatchedCalls>().AddSingleton<HomeLegs>().AddSingleton<CallRecordingFolder>().AddSingleton<Announcer>().AddSingleton<PurgeCallRecordings>();
        services.AddHostedService<MeasureCalls>();
        services.AddHostedService(provider => provider.GetRequiredService<PurgeCallRecordings>());
        services.AddScoped<FollowCall>().AddScoped<RecordingPauses>().AddScoped<RecordingKeeper>().AddScoped<EditRecordingPolicies>().AddScoped<ListCalls>().AddScoped<ReadTrend>().AddScoped<ICallMarks, CallMarks>();
        services.AddNavigation(new NavigationItem("/calls", typeof(CallTexts), "Nav.Calls", "pulse", AccessPolicies.ReadCalls, 37));
        services.AddNavigation(new NavigationItem("/calls/recording", typeof(CallTexts), "Nav.RecordingPolicies", "shield", AccessPolicies.Administer, 231, NavigationGroup.Administration));
        services.AddAuditVocabulary<CallTexts>(Actions);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        PauseRecording.Map(routes);
        MarkCall.Map(routes);
        PlayRecording.Map(routes);
        KeepRecording.Map(routes);
        LiveQualityApi.Map(routes);
    }
}
