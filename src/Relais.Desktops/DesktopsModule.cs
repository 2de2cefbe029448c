using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Desktops;

public static class DesktopsModule
{
    public static IServiceCollection AddDesktops(this IServiceCollection services) => services;

    public static void MapDesktops(this WebApplication app)
    {
    }
}
