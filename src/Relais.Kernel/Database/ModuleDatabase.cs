using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Relais.Kernel.Database;

/// <summary>One database, one schema a module: how a module registers its EF model.</summary>
public static class ModuleDatabase
{
    public const string ConnectionName = "Relais";

    /// <summary>Registers the one pool of connections that every module shares.</summary>
    public static IServiceCollection AddRelaisDatabase(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var connection = provider.GetRequiredService<IConfiguration>().GetConnectionString(ConnectionName)
                ?? throw new InvalidOperationException(
                    "No database: set ConnectionStrings:Relais (./relais up does it for its private cluster).");
            var builder = new NpgsqlDataSourceBuilder(connection);
            builder.ConnectionStringBuilder.ApplicationName ??= "relais";
            return builder.Build();
        });
        return services.AddModuleDb<KernelDb>(KernelDb.Schema);
    }

    /// <summary>Registers a module's context on the shared pool, with its migrations kept in the module's own schema.</summary>
    public static IServiceCollection AddModuleDb<TContext>(this IServiceCollection services, string schema)
        where TContext : DbContext
    {
        services.AddSingleton(new ModuleSchema(schema, typeof(TContext)));
        return services.AddDbContext<TContext>((provider, options) => options.UseNpgsql(
            provider.GetRequiredService<NpgsqlDataSource>(),
            npgsql => npgsql.MigrationsHistoryTable("migrations", schema)));
    }
}

/// <summary>A module's schema and the context that maps it, in the order of registration.</summary>
public sealed record ModuleSchema(string Name, Type Context);
