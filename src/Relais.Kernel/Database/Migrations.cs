using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Relais.Kernel.Database;

/// <summary>Brings every module's schema up to date; nodes that start together take turns.</summary>
public static class Migrations
{
    // Any constant will do, as long as every node of an institute uses the same one.
    private const long Lock = 0x52_45_4C_41_49_53;

    public static async Task ApplyMigrationsAsync(this IServiceProvider services, CancellationToken cancel)
    {
        var source = services.GetRequiredService<NpgsqlDataSource>();
        await using var guard = await source.OpenConnectionAsync(cancel);
        await ExecuteAsync(guard, "SELECT pg_advisory_lock($1)", cancel);
        try
        {
            await using var scope = services.CreateAsyncScope();
            foreach (var schema in services.GetServices<ModuleSchema>())
            {
                var db = (DbContext)scope.ServiceProvider.GetRequiredService(schema.Context);
                // Asking is cheap; applying compares whole models even when there is nothing to do, at each start of each node.
                if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
                    await db.Database.MigrateAsync(cancel);
            }
        }
        finally
        {
            await ExecuteAsync(guard, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandType = CommandType.Text };
        command.Parameters.AddWithValue(Lock);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
