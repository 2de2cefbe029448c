using Microsoft.Extensions.DependencyInjection;

namespace Relais.Audience;

public static class AudienceModule
{
    public static IServiceCollection AddAudience(this IServiceCollection services) => services;
}
