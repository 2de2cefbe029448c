using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Access;

public static class AccessModule
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services;

    public static void MapAccess(this WebApplication app)
    {
    }
}
