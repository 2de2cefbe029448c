using Microsoft.Extensions.DependencyInjection;

namespace Relais.Gateway.Feed;

internal static class FeedServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<FeedTicket>().AddSingleton<FeedSignIn>();
        services.AddSingleton<PurgeFeeds>().AddHostedService(provider => provider.GetRequiredService<PurgeFeeds>());
        services.AddScoped<ListFeed>().AddScoped<OpenFeedFile>();
    }
}
