using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Relais.Fieldwork.Bench;

/// <summary>A supervisor's board with 500 interviewers at the end of a day, refreshed each second: what it takes of a processor, of the server and of PostgreSQL together.</summary>
internal static class BoardBench
{
    private const int People = 500;
    private const int CallsOfDay = 100;

    // The history of a day, and everybody on the telephone.
    private const string Fill = """
        INSERT INTO fieldwork.hold (case_id, person_id, wave_id, fence, taken_at, seen_at, until, stage, slot)
        SELECT c.id, i.person_id, c.wave_id, 1, now() - interval '2 minutes', now(), now() + interval '1 hour', c.id % 2, 0
        FROM (SELECT id, wave_id, row_number() OVER (ORDER BY id) AS n FROM fieldwork.cases) c
        JOIN (SELECT person_id, row_number() OVER (ORDER BY person_id) AS n FROM fieldwork.interviewer) i ON i.n = c.n WHERE c.n <= $1
        """;

    private const string Called = """
        INSERT INTO fieldwork.attempt (case_id, wave_id, person_id, "from", until, outcome, slot, number, by_appointment, fence)
        SELECT h.case_id, h.wave_id, h.person_id, m.at, m.at + interval '40 seconds', (ARRAY[15, 15, 15, 14, 16, 16, 3, 8, 1, 23])[1 + n % 10], 0, 0, false, n
        FROM fieldwork.hold h CROSS JOIN generate_series(1, $1) n CROSS JOIN LATERAL (SELECT date_trunc('day', now() AT TIME ZONE 'Europe/Paris') AT TIME ZONE 'Europe/Paris' + (n * interval '1 second') AS at) m
        """;

    public static async Task RunAsync(string program, string connection, string folder, string postmasterFile, int seconds)
    {
        using var server = new ServerUnderTest(program, connection, folder);
        await server.SayAsync("demo", "people", $"{People}");
        await server.SayAsync("demo", "fieldwork");
        await server.StartAsync();
        await using var database = NpgsqlDataSource.Create(connection);
        await ExecuteAsync(database, Fill, People);
        await ExecuteAsync(database, "UPDATE fieldwork.cases SET state = 2, fence = 1 WHERE $1 > 0 AND id IN (SELECT case_id FROM fieldwork.hold)", People);
        await ExecuteAsync(database, Called, CallsOfDay);
        await using (var analyse = database.CreateCommand("VACUUM ANALYZE"))
            await analyse.ExecuteNonQueryAsync();
        var wave = await ScalarAsync<int>(database, "SELECT max(id) FROM fieldwork.wave");
        var postmaster = int.Parse((await File.ReadAllLinesAsync(postmasterFile))[0], CultureInfo.InvariantCulture);
        using var supervisor = await server.SignInAsync("superviseur1");
        // Supervisors need a second factor, and a benchmark has no telephone with codes: its own database says that it was given.
        await ExecuteAsync(database, "UPDATE access.sign_in SET second_factor = true, second_factor_due = false WHERE $1 > 0", 1);
        var address = string.Create(CultureInfo.InvariantCulture, $"/api/fieldwork/waves/{wave}/board");
        Machine.Say(string.Create(CultureInfo.InvariantCulture, $"board of {People} interviewers, {People * CallsOfDay} calls that day"));
        for (var warm = 0; warm < 30; warm++)
            await supervisor.ReadAsync(address, CancellationToken.None);
        Console.WriteLine("| what | seconds | server, % of a core | PostgreSQL, % of a core | p50 ms | p99 ms |");
        Console.WriteLine("|---|---|---|---|---|---|");
        // What a server that has just begun still compiles and catches up with is neither's.
        await MeasureAsync("nobody looks, a server just begun", null);
        var looked = await MeasureAsync("the board, each second", () => supervisor.ReadAsync(address, CancellationToken.None));
        var idle = await MeasureAsync("nobody looks", null);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the board takes {looked - idle:0.0} % of a core; aim: 10 %"));

        async Task<double> MeasureAsync(string what, Func<Task<string>>? look)
        {
            var (took, begun) = (new List<double>(), Stopwatch.GetTimestamp());
            var (own, theirs) = (Machine.CpuSeconds(server.ProcessId), Machine.CpuSeconds(postmaster));
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
            for (var second = 0; second < seconds && await timer.WaitForNextTickAsync(); second++)
            {
                var asked = Stopwatch.GetTimestamp();
                if (look is not null)
                    await look();
                took.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            var elapsed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var (server100, postgres100) = ((Machine.CpuSeconds(server.ProcessId) - own) / elapsed * 100, (Machine.CpuSeconds(postmaster) - theirs) / elapsed * 100);
            took.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {elapsed:0} | {server100:0.0} | {postgres100:0.0} | {took[took.Count / 2]:0.0} | {took[(int)(took.Count * 0.99)]:0.0} |"));
            return server100 + postgres100;
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, int value)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 300;
        command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
