using Npgsql;

namespace Relais.Tests;

/// <summary>
/// An empty database on the server that RELAIS_TEST_POSTGRES names (a connection string that may create databases),
/// dropped at the end.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    public const string Variable = "RELAIS_TEST_POSTGRES";
    private readonly string _server;
    private readonly string _name;

    private TestDatabase(string server, string name) => (_server, _name) = (server, name);

    // Few connections per fixture: a server has a hundred by default, and several fixtures run at once.
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_server) { Database = _name, MaxPoolSize = 12, IncludeErrorDetail = true }.ConnectionString;

    public static async Task<TestDatabase> CreateAsync()
    {
        var server = Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException($"Set {Variable} to the connection string of a PostgreSQL server (./relais test does it).");
        var database = new TestDatabase(server, $"access_test_{Guid.NewGuid():N}");
        await database.ExecuteAsync($"CREATE DATABASE {database._name}");
        return database;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }
}
