using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Database;
using Relais.Portal.Navigation;
using Relais.Telephony.Calls;
using Relais.Telephony.Lines;
using Relais.Telephony.Trunks;

namespace Relais.Telephony;

public static class TelephonyModule
{
    private static readonly string[] Actions = ["trunk.added", "trunk.changed", "trunk.removed", "call.placed", "call.refused"];

    public static IServiceCollection AddTelephony(this IServiceCollection services)
    {
        services.AddModuleDb<TelephonyDb>(TelephonyDb.Schema);
        services.AddOptions<TelephonyOptions>().BindConfiguration(TelephonyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TrunkLines>();
        services.AddHostedService(provider => provider.GetRequiredService<TrunkLines>());
        services.AddScoped<EditTrunks>().AddScoped<ChooseTrunk>().AddScoped<PlaceCall>().AddScoped<WriteNews>().AddScoped<EndLeftCalls>();
        services.AddNavigation(new NavigationItem("/trunks", typeof(TelephonyTexts), "Nav.Trunks", "session", AccessPolicies.Administer, 230, NavigationGroup.Administration));
        services.AddAuditVocabulary<TelephonyTexts>(Actions);
        return services;
    }

    public static void MapTelephony(this WebApplication app)
    {
        TrunksApi.Map(app);
        CallsApi.Map(app);
    }
}
