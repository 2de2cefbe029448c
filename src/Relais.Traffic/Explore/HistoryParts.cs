using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Portal.Navigation;
using Relais.Traffic.History;
using Relais.Traffic.Reports;

namespace Relais.Traffic.Explore;

/// <summary>What of the module is about the past: the history, its reports and their pages.</summary>
internal static class HistoryParts
{
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<TrafficOptions>, ClickHouseAddress>().AddSingleton<LateHistory>();
        services.AddSingleton<KeptHistory>().AddSingleton<KeepHistory>().AddHostedService(static provider => provider.GetRequiredService<KeepHistory>());
        services.AddHostedService<AnswerAhead>();
        services.AddNavigation(new NavigationItem(ExplorerPage.Path, typeof(HistoryTexts), "Nav.Explorer", "database", AccessPolicies.ReadFigures, 55));
    }

    public static void Map(WebApplication app)
    {
        ReportApi.Map(app);
        KeepView.Map(app);
    }
}
