using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Relais.Kernel.Events;

/// <summary>
/// Hands each event of the outbox to its consumer, on every node, a few at a time. The row stays locked while its handler works and goes with the same
/// transaction; a node that is killed loses the lock, and another one hands the event over again.
/// </summary>
internal sealed class DeliverEvents(
    IServiceScopeFactory scopes, IEnumerable<Consumer> consumers, NpgsqlDataSource source, TimeProvider clock, ILogger<DeliverEvents> log) : BackgroundService
{
    /// <summary>How many events one node hands over at once.</summary>
    public const int Lanes = 2;

    /// <summary>With the pauses between them, some two and a half hours.</summary>
    public const int MostFailures = 20;

    // The oldest of a key holds back the others of its key, also while another node has it.
    private const string Take = """
        SELECT seq, consumer, kind, body, failures FROM kernel.outbox mine
        WHERE set_aside_at IS NULL AND due_at <= $1 AND consumer = ANY ($2)
          AND NOT EXISTS (SELECT FROM kernel.outbox older
                          WHERE older.consumer = mine.consumer AND older.key = mine.key AND older.seq < mine.seq AND older.set_aside_at IS NULL)
        ORDER BY due_at, seq LIMIT 1 FOR UPDATE SKIP LOCKED
        """;

    private const string Done = "DELETE FROM kernel.outbox WHERE seq = $1";

    private const string Failed = """
        UPDATE kernel.outbox SET failures = $2, due_at = $3, error = $4, set_aside_at = CASE WHEN $2 >= $5 THEN $6::timestamptz END WHERE seq = $1
        """;

    private const string Later = "UPDATE kernel.outbox SET due_at = $2 WHERE seq = $1";

    private const string NextDue = "SELECT min(due_at) FROM kernel.outbox WHERE set_aside_at IS NULL AND due_at > $1 AND consumer = ANY ($2)";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, Consumer> _consumers = consumers.ToDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>How long an event rests after its n-th failure: 1, 2, 4 s and so on, a quarter of an hour at most.</summary>
    internal static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(failures, 30) - 1)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_consumers.Count > 0)
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => LaneAsync(stoppingToken)));
    }

    private async Task LaneAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stop);
                await using (var listen = new NpgsqlCommand($"LISTEN {OutboxModel.Channel}", connection))
                    await listen.ExecuteNonQueryAsync(stop);
                while (true)
                {
                    while (await TurnAsync(connection, stop))
                    {
                        // The next one.
                    }

                    await connection.WaitAsync(await RestAsync(connection, stop), stop);
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // The database may be away: what was not committed is still there when it is back.
                KernelLog.DeliveryFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Hands over one event; false when none is due.</summary>
    internal async Task<bool> TurnAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var turn = await connection.BeginTransactionAsync(cancel);
        if (await TakeAsync(connection, cancel) is not { } taken)
            return false;

        await using var command = await HandleAsync(taken, cancel) switch
        {
            null => Command(connection, Done, taken.Seq),
            PostponedException { Until: var until } => Command(connection, Later, taken.Seq, until),
            { Message: var error } => FailedCommand(connection, taken, error),
        };
        await command.ExecuteNonQueryAsync(cancel);
        await turn.CommitAsync(cancel);
        return true;
    }

    private async Task<Taken?> TakeAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = Command(connection, Take, clock.GetUtcNow(), _consumers.Keys.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? new Taken(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4)) : null;
    }

    private async Task<Exception?> HandleAsync(Taken taken, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await _consumers[taken.Consumer].Handle(scope.ServiceProvider, taken.Body, cancel);
            return null;
        }
        catch (PostponedException e)
        {
            return e;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            KernelLog.EventFailed(log, taken.Kind, taken.Consumer, taken.Seq, taken.Failures + 1, e);
            return e;
        }
    }

    private NpgsqlCommand FailedCommand(NpgsqlConnection connection, Taken taken, string error)
    {
        var (now, failures) = (clock.GetUtcNow(), taken.Failures + 1);
        return Command(connection, Failed, taken.Seq, failures, now + Pause(failures), error, MostFailures, now);
    }

    private async Task<TimeSpan> RestAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var command = Command(connection, NextDue, now, _consumers.Keys.ToArray());
        var next = await command.ExecuteScalarAsync(cancel) is DateTime due ? due - now.UtcDateTime : LookEvery;
        return next > LookEvery ? LookEvery : next + TimeSpan.FromMilliseconds(1);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return command;
    }

    private sealed record Taken(long Seq, string Consumer, string Kind, string Body, int Failures);
}
