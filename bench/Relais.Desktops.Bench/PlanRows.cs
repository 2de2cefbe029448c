using Npgsql;

namespace Relais.Desktops.Bench;

/// <summary>The people and the plan of the benchmark, and what became of their desktops.</summary>
internal sealed class PlanRows(string connection) : IAsyncDisposable
{
    // So many of the sample institute's interviewers, in a group of their own.
    private const string Prepare = """
        WITH team AS (INSERT INTO access."group" (id, name, normalized_name) VALUES (gen_random_uuid(), @name, upper(@name)) RETURNING id),
        member AS (INSERT INTO access.membership (groups_id, people_id)
          SELECT team.id, p.id FROM team, (SELECT id FROM access.person WHERE user_name LIKE 'enqueteur%' ORDER BY length(user_name), user_name LIMIT @desktops) p)
        INSERT INTO desktops.plan ("Id", "Name", "NormalizedName", "Steps", "ChangedAt", "ChangedBy")
        SELECT gen_random_uuid(), @name, upper(@name),
          jsonb_build_array(jsonb_build_object('groups', jsonb_build_array(id), 'bundle', 'enqueteur', 'atOnce', @desktops, 'waits', true)), now(), 'Relais' FROM team
        """;

    // From the moment at which its row was asked to the one at which its port answered.
    private const string Starts = """
        SELECT extract(epoch FROM r."ChangedAt" - r."BegunAt")::float8 FROM desktops.fleet_job_row r
        JOIN desktops.plan_run_step s ON s."JobId" = r."JobId" JOIN desktops.plan_run p ON p."Id" = s."RunId"
        WHERE r."State" = 'Done' AND p."AskedAt" = (SELECT max("AskedAt") FROM desktops.plan_run) ORDER BY 1
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);

    public async Task PrepareAsync(string name, int desktops)
    {
        await using var command = _source.CreateCommand(Prepare);
        command.Parameters.AddWithValue("name", name);
        command.Parameters.AddWithValue("desktops", desktops);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<double>> StartsAsync() => await ReadAsync<double>(Starts);

    public async Task<long> RunningAsync() => (await ReadAsync<long>("""SELECT count(*) FROM desktops.desktop WHERE "State" = 'Running'"""))[0];

    public async Task<IReadOnlyList<string>> InstancesAsync() =>
        await ReadAsync<string>("""SELECT 'd-' || replace("Id"::text, '-', '') FROM desktops.desktop WHERE "Wanted" = 'Running'""");

    /// <summary>Instance and address of each desktop that runs.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AddressesAsync() => (await ReadAsync<string>(
        """SELECT 'd-' || replace("Id"::text, '-', '') || ' ' || "Address" FROM desktops.desktop WHERE "State" = 'Running' AND "Address" IS NOT NULL"""))
        .Select(row => row.Split(' ')).ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<List<T>> ReadAsync<T>(string query)
    {
        await using var command = _source.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        List<T> read = [];
        while (await reader.ReadAsync())
            read.Add(reader.GetFieldValue<T>(0));
        return read;
    }
}
