using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Gateway;

public static class GatewayModule
{
    public static IServiceCollection AddGateway(this IServiceCollection services) => services;

    public static void MapGateway(this WebApplication app)
    {
    }
}
