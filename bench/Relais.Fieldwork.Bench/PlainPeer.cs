using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Relais.Fieldwork.Bench;

/// <summary>
/// What is usually done: one statement over the cases that are due and whose quota is open, in their order, the first one locked. No prepared queue; with the
/// index on what is due that one would make.
/// </summary>
internal sealed class PlainPeer(string connection, int cases)
{
    private const string Make = """
        CREATE SCHEMA peer;
        CREATE TABLE peer.quota (region text, sexe text, age text, closed boolean, PRIMARY KEY (region, sexe, age));
        CREATE TABLE peer.sample (id bigint PRIMARY KEY, region text, sexe text, age text, priority int, state int, due_at timestamptz, tries int, shuffle double precision);
        INSERT INTO peer.quota SELECT 'r' || r, s, 'a' || a, false FROM generate_series(0, 12) r, unnest('{F,H}'::text[]) s, generate_series(0, 5) a;
        """;

    private const string Fill = """
        INSERT INTO peer.sample SELECT i, 'r' || i % 13, CASE i % 2 WHEN 0 THEN 'F' ELSE 'H' END, 'a' || i % 6, 5, 1, now(), 0, random() FROM generate_series(1, $1::bigint) i
        """;

    private const string Index = "CREATE INDEX ON peer.sample (due_at) WHERE state = 1; ANALYZE peer.sample";

    private const string Next = """
        UPDATE peer.sample SET state = 2 WHERE id = (
          SELECT s.id FROM peer.sample s JOIN peer.quota q USING (region, sexe, age)
          WHERE s.state = 1 AND s.due_at <= now() AND NOT q.closed
          ORDER BY s.priority, s.tries DESC, s.shuffle LIMIT 1 FOR UPDATE OF s)
        AND state = 1 RETURNING id
        """;

    public async Task<string> AskAsync(int people, TimeSpan length)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Maximum Pool Size=100;Command Timeout=600;Timeout=1000");
        foreach (var sql in new[] { Make, Fill, Index })
        {
            await using var command = source.CreateCommand(sql);
            command.CommandTimeout = 600;
            if (sql == Fill)
                command.Parameters.AddWithValue((long)cases);
            await command.ExecuteNonQueryAsync();
        }

        var (asked, given) = (new ConcurrentBag<double>(), 0);
        using var over = new CancellationTokenSource(length);
        await Task.WhenAll(Enumerable.Range(0, people).Select(async index =>
        {
            var random = new Random(index);
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 5), TimeProvider.System, over.Token);
                while (!over.IsCancellationRequested)
                {
                    var begun = Stopwatch.GetTimestamp();
                    await using var command = source.CreateCommand(Next);
                    if (await command.ExecuteScalarAsync(over.Token) is long)
                        Interlocked.Increment(ref given);
                    asked.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                    await Task.Delay(TimeSpan.FromSeconds(2.5 + random.NextDouble() * 5), TimeProvider.System, over.Token);
                }
            }
            catch (Exception e) when (over.IsCancellationRequested && e is OperationCanceledException or NpgsqlException)
            {
                // Time is over; who still waits has no answer.
            }
        }));
        return Institute.Line("plain ORDER BY ... LIMIT 1 FOR UPDATE", [.. asked], given);
    }
}
