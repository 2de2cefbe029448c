using Microsoft.Extensions.Configuration;
using Npgsql;
using Relais.Host;
using Relais.Kernel.Database;

namespace Relais.Tests;

/// <summary>
/// A database of the product's schemas, without any row, on the server that RELAIS_TEST_POSTGRES names (a connection string
/// that may create databases), dropped at the end. The schemas are migrated once; each database is a copy of that one.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    public const string Variable = "RELAIS_TEST_POSTGRES";
    private const string Template = "relais_test_template";
    private static readonly Lazy<Task> Migrated = new(MigrateTemplateAsync);
    private readonly string _name;

    private TestDatabase(string name) => _name = name;

    private static string Server => Environment.GetEnvironmentVariable(Variable)
        ?? throw new InvalidOperationException($"Set {Variable} to the connection string of a PostgreSQL server (./relais test does it).");

    // Few connections per fixture: a server has a hundred by default, and several fixtures run at once.
    public string ConnectionString => Connection(_name, pooled: true);

    public static async Task<TestDatabase> CreateAsync()
    {
        await Migrated.Value;
        var database = new TestDatabase($"access_test_{Guid.NewGuid():N}");
        await ExecuteAsync($"CREATE DATABASE {database._name} TEMPLATE {Template}");
        return database;
    }

    // Without pooling: a database that somebody is connected to cannot be copied.
    private static async Task MigrateTemplateAsync()
    {
        await ExecuteAsync($"DROP DATABASE IF EXISTS {Template} WITH (FORCE)");
        await ExecuteAsync($"CREATE DATABASE {Template}");
        var folder = Directory.CreateTempSubdirectory("relais-template-");
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Relais:Data"] = folder.FullName,
            [$"ConnectionStrings:{ModuleDatabase.ConnectionName}"] = Connection(Template, pooled: false),
        });
        Modules.Add(builder.Services, builder.Configuration);
        using (var modules = builder.Build())
            await modules.Services.ApplyMigrationsAsync(CancellationToken.None);
        folder.Delete(recursive: true);
    }

    private static string Connection(string database, bool pooled) =>
        new NpgsqlConnectionStringBuilder(Server) { Database = database, MaxPoolSize = 12, Pooling = pooled, IncludeErrorDetail = true }.ConnectionString;

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(connection);
        await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }
}
