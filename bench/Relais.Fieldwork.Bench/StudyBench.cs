using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Relais.Fieldwork.Bench;

/// <summary>
/// The radio study at large: 20,000 generated cases, quotas on sex by age and on region, 100 simulated interviewers fifty times as fast as people on a server
/// whose clock goes fifty times as fast, under the rules of calling of France. Browsers and server are killed at random. At the end
/// <c>relais fieldwork verify</c> holds everything against what is promised.
/// </summary>
internal static class StudyBench
{
    private const int Speed = 50;
    private const int Interviewers = 100;
    private const int InBrowser = 10;
    private const int Cases = 20_000;

    /// <param name="target">Completed interviews wanted: a small one fills cells of the quotas while people and server are killed.</param>
    public static async Task<int> RunAsync(string program, string connection, string folder, int seconds, int target)
    {
        using var server = new ServerUnderTest(program, connection, folder);
        await server.SayAsync("demo", "people", $"{Interviewers}");
        await server.SayAsync("demo", "fieldwork", $"{Cases}", $"{target}");
        var (since, from) = (Moment(TimeProvider.System.GetUtcNow()), Moment(NextMonday()));
        (server.Settings["RELAIS__Relais__Clock__Speed"], server.Settings["RELAIS__Relais__Clock__Since"], server.Settings["RELAIS__Relais__Clock__From"]) = ($"{Speed}", since, from);
        // A network does not go faster with the clock: what it may take is longer by as much.
        (server.Settings["RELAIS__Fieldwork__HoldFor"], server.Settings["RELAIS__Fieldwork__InterviewHoldFor"], server.Settings["RELAIS__Fieldwork__CareEvery"]) = ("00:15:00", "00:50:00", "00:00:01");
        var people = (await server.PasswordsAsync()).Where(p => p.Key.StartsWith("enqueteur", StringComparison.Ordinal)).Select(p => $"{p.Key},{p.Value}").ToList();
        Machine.Say(string.Create(CultureInfo.InvariantCulture, $"{Cases} cases, {target} interviews wanted, {people.Count} interviewers, {Speed} times as fast, {seconds} s; the study's clock begins on a Monday at 10:00 in France"));
        await server.StartAsync();
        var random = new Random(4711);
        var browsers = people.Chunk(people.Count / InBrowser).Select((some, i) => (Name: $"browser{i}", People: some)).ToList();
        var running = new Process[browsers.Count];
        for (var i = 0; i < browsers.Count; i++)
            running[i] = await OpenAsync(i, 0);
        var (begun, killed, restarted) = (Stopwatch.GetTimestamp(), 0, 0);
        while (Stopwatch.GetElapsedTime(begun) is var elapsed && elapsed < TimeSpan.FromSeconds(seconds))
        {
            await Task.Delay(TimeSpan.FromSeconds(5 + (random.NextDouble() * 10)), TimeProvider.System);
            if (random.Next(4) == 0)
            {
                server.Kill();
                await server.StartAsync();
                restarted++;
                continue;
            }

            var one = random.Next(browsers.Count);
            running[one].Kill();
            await running[one].WaitForExitAsync();
            running[one] = await OpenAsync(one, ++killed);
        }

        foreach (var browser in running)
        {
            browser.Kill();
            await browser.WaitForExitAsync();
        }

        await ArrivedAsync(connection);
        await SayAsync(connection, Stopwatch.GetElapsedTime(begun), killed, restarted);
        string[] journals = [.. Directory.GetFiles(folder, "*.journal").SelectMany(file => new[] { "--journal", file })];
        var (code, said) = await server.SayAsync(["fieldwork", "verify", .. journals]);
        Console.WriteLine(said);
        return code;

        async Task<Process> OpenAsync(int index, int again)
        {
            var file = Path.Combine(folder, $"{browsers[index].Name}.people");
            await File.WriteAllLinesAsync(file, browsers[index].People);
            return server.Start("interviewers", $"{browsers[index].Name}.log", server.Address.AbsoluteUri, "--people", file, "--ca", server.Authority, "--speed", $"{Speed}", "--since", since, "--from", from,
                "--breaks", "10", "--abandons", "2", "--seed", $"{1000 + (index * 100) + (again * 10_000)}", "--journal", Path.Combine(folder, $"{browsers[index].Name}-{again}.journal"));
        }
    }

    private static async Task ArrivedAsync(string connection)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        for (var tries = 0; tries < 300; tries++)
        {
            await using var command = database.CreateCommand("SELECT count(*) FROM kernel.outbox WHERE set_aside_at IS NULL");
            if (await command.ExecuteScalarAsync() is 0L)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static async Task SayAsync(string connection, TimeSpan took, int killed, int restarted)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0} s, {took.TotalHours * Speed:0.0} h of the study; {killed} browsers of ten interviewers killed, the server {restarted} times"));
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand("""
            SELECT o.name, count(*) FROM fieldwork.attempt a
            LEFT JOIN (VALUES (1, 'complete'), (3, 'refused'), (4, 'refused for now'), (6, 'broken off'), (7, 'appointment'), (8, 'not available'), (14, 'busy'), (15, 'no answer'), (16, 'machine'),
              (23, 'disconnected'), (24, 'business'), (26, 'quota full'), (27, 'silent call'), (31, 'lost with its interviewer')) o (id, name) ON o.id = a.outcome
            GROUP BY 1 ORDER BY 2 DESC
            """);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.GetInt64(1),8}  {(row.IsDBNull(0) ? "other" : row.GetString(0))}"));
        await row.DisposeAsync();
        await using var cells = database.CreateCommand("SELECT count(*), count(*) FILTER (WHERE completed >= target), count(*) FILTER (WHERE completed > target), count(*) FILTER (WHERE reserved > target) FROM fieldwork.quota_cell");
        await using var cell = await cells.ExecuteReaderAsync();
        await cell.ReadAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cell.GetInt64(0)} cells of quotas, {cell.GetInt64(1)} full, {cell.GetInt64(2)} with more than their target, {cell.GetInt64(3)} with more reserved than that"));
    }

    // To come, so that nothing of today lies after it. Six minutes at fifty times are five hours: the hour at noon in which nobody is called is among them.
    private static DateTimeOffset NextMonday()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(7);
        while (day.DayOfWeek != DayOfWeek.Monday || Rules.FrenchHolidays.Includes(day))
            day = day.AddDays(1);
        var ten = day.ToDateTime(new TimeOnly(10, 0));
        return new DateTimeOffset(ten, zone.GetUtcOffset(ten));
    }

    private static string Moment(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
}
