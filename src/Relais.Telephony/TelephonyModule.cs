using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;
using Relais.Portal.Navigation;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;
using Relais.Telephony.Lines;
using Relais.Telephony.Quality;
using Relais.Telephony.Respondents;
using Relais.Telephony.Rooms;
using Relais.Telephony.Recordings;
using Relais.Telephony.Pacing.Simulation;
using Relais.Telephony.Trunks;

namespace Relais.Telephony;

public static class TelephonyModule
{
    private static readonly string[] Actions = ["trunk.added", "trunk.changed", "trunk.removed", "call.placed", "call.refused",
        "supervision.listened", "supervision.whispered", "supervision.barged", "supervision.hushed", "supervision.stopped", "rooms.drained", "rooms.opened"];

    /// <summary>Verbs that need no server.</summary>
    public static IReadOnlyList<Verb> FileVerbs { get; } = [RespondentsVerb.Verb, SimulateVerb.Verb];

    public static IServiceCollection AddTelephony(this IServiceCollection services)
    {
        services.AddModuleDb<TelephonyDb>(TelephonyDb.Schema);
        services.AddOptions<TelephonyOptions>().BindConfiguration(TelephonyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TrunkLines>();
        services.AddHostedService(provider => provider.GetRequiredService<TrunkLines>());
        services.AddScoped<EditTrunks>().AddScoped<ChooseTrunk>().AddScoped<PlaceCall>().AddScoped<WriteNews>().AddScoped<EndLeftCalls>();
        services.AddScoped(provider => new Switchboard(
            provider.GetRequiredService<TelephonyDb>(), provider.GetRequiredService<PlaceCall>(), provider.GetRequiredService<TrunkLines>(), provider.GetRequiredService<Phones>(),
            provider.GetRequiredService<WatchedCalls>(), provider.GetRequiredService<ClosingMessages>(), provider.GetRequiredService<IOptions<TelephonyOptions>>().Value.Node));
        services.AddSingleton<RoomServers>().AddSingleton<Phones>().AddSingleton<ClosingMessages>().AddScoped<DrainVoiceServer>();
        services.AddHostedService(provider => provider.GetRequiredService<RoomServers>());
        services.AddNavigation(new NavigationItem("/phone", typeof(TelephonyTexts), "Nav.Phone", "pulse", AccessPolicies.Interview, 20));
        services.AddNavigation(new NavigationItem("/phone/supervision", typeof(TelephonyTexts), "Nav.Supervision", "person", AccessPolicies.Supervise, 36));
        CallFollowing.Add(services);
        services.AddNavigation(new NavigationItem("/trunks", typeof(TelephonyTexts), "Nav.Trunks", "session", AccessPolicies.Administer, 230, NavigationGroup.Administration));
        services.AddNavigation(new NavigationItem("/phone/servers", typeof(TelephonyTexts), "Nav.VoiceServers", "server", AccessPolicies.Administer, 232, NavigationGroup.Administration));
        services.AddVerb(DemoLineVerb.Verb);
        services.AddNavigation(new NavigationItem("/fieldwork/pacing", typeof(TelephonyTexts), "Nav.Pacing", "pulse", AccessPolicies.Supervise, 37));
        services.AddAuditVocabulary<TelephonyTexts>(Actions);
        return services;
    }

    public static void MapTelephony(this WebApplication app)
    {
        TrunksApi.Map(app);
        CallsApi.Map(app);
        PhoneApi.Map(app);
        SupervisionApi.Map(app);
        RoomsApi.Map(app);
        CallFollowing.Map(app);
    }
}
