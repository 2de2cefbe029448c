using Npgsql;
using Relais.Fieldwork.Steering;

namespace Relais.Fieldwork.Webhooks;

/// <summary>A delivery whose row is locked for whoever sends it, with its address as it was then.</summary>
internal sealed record TakenDelivery(
    long Id, Guid Webhook, Guid Study, Guid EventId, long? ChangeId, int Attempts, DateTimeOffset MadeAt, string Url, byte[][] Secrets, int Failures, DateTimeOffset? FailingSince);

/// <summary>The deliveries that wait, and what becomes of them.</summary>
internal static class WebhookQueue
{
    private const string Wanted = "SELECT EXISTS (SELECT FROM fieldwork.webhook WHERE disabled_at IS NULL)";

    // Each address goes on from its own place, so that one that was switched off catches up.
    private const string Fill = """
        WITH hooks AS (
          SELECT w.id, w.study_id, w.kinds, w.position AS after, least(h.position, w.position + 2000) AS upto
          FROM fieldwork.webhook w CROSS JOIN fieldwork.feed_head h WHERE w.disabled_at IS NULL AND w.position < h.position
          ORDER BY w.id FOR UPDATE OF w SKIP LOCKED),
        added AS (
          INSERT INTO fieldwork.webhook_delivery (webhook_id, change_id, event_id, kind, key, position, state, made_at, due_at, attempts)
          SELECT k.id, c.id, c.event_id, c.kind, CASE WHEN c.case_id IS NULL THEN 'cell:' || coalesce(c.facts ->> 'cell', '') ELSE 'case:' || c.case_id END, c.position, 0, $1, $1, 0
          FROM hooks k JOIN fieldwork.study_change c ON c.study_id = k.study_id AND c.position > k.after AND c.position <= k.upto AND c.kind = ANY (k.kinds))
        UPDATE fieldwork.webhook w SET position = k.upto FROM hooks k WHERE w.id = k.id AND w.position < k.upto
        """;

    // The oldest of a key holds back the others of its key, also while another node has it.
    private const string Take = """
        SELECT d.id, w.id, w.study_id, d.event_id, d.change_id, d.attempts, d.made_at, w.url, array_remove(ARRAY[w.secret, CASE WHEN w.old_until > $1 THEN w.old_secret END], NULL), w.failures, w.failing_since
        FROM (
          SELECT * FROM fieldwork.webhook WHERE disabled_at IS NULL AND (rest_until IS NULL OR rest_until <= $1) AND id <> ALL ($2) ORDER BY random()) w
        CROSS JOIN LATERAL (
          SELECT * FROM fieldwork.webhook_delivery mine
          WHERE mine.webhook_id = w.id AND mine.state = 0 AND mine.due_at <= $1
            AND NOT EXISTS (SELECT FROM fieldwork.webhook_delivery older
                            WHERE older.webhook_id = mine.webhook_id AND older.key = mine.key AND older.position < mine.position AND older.state = 0)
          ORDER BY mine.due_at, mine.position LIMIT 1 FOR UPDATE SKIP LOCKED) d
        LIMIT 1
        """;

    private const string NextDue = """
        SELECT min(greatest(d.due_at, coalesce(w.rest_until, d.due_at))) FROM fieldwork.webhook w
        CROSS JOIN LATERAL (SELECT due_at FROM fieldwork.webhook_delivery WHERE webhook_id = w.id AND state = 0 AND (due_at > $1 OR w.rest_until > $1) ORDER BY due_at LIMIT 1) d
        WHERE w.disabled_at IS NULL
        """;

    private const string Delivered = """
        UPDATE fieldwork.webhook_delivery SET state = 1, attempts = attempts + 1, last_at = $2, status = $3, error = NULL, milliseconds = $4 WHERE id = $1
        """;

    private const string Healthy = """
        UPDATE fieldwork.webhook SET failures = 0, failing_since = NULL, rest_until = NULL, last_success_at = $2
        WHERE id = $1 AND (failures > 0 OR failing_since IS NOT NULL OR rest_until IS NOT NULL OR last_success_at IS NULL OR last_success_at < $2 - interval '1 minute')
        """;

    // Back again: what waited for its own turn need not wait longer. What is under way is passed over: its sender will want the address's row, which we have.
    private const string Hurry = """
        UPDATE fieldwork.webhook_delivery SET due_at = $2
        WHERE id IN (SELECT id FROM fieldwork.webhook_delivery WHERE webhook_id = $1 AND state = 0 AND due_at > $2 FOR UPDATE SKIP LOCKED)
        """;

    private const string Failed = """
        UPDATE fieldwork.webhook_delivery SET attempts = attempts + 1, last_at = $2, due_at = $3, status = $4::int, error = $5, milliseconds = $6 WHERE id = $1
        """;

    private const string Ill = """
        UPDATE fieldwork.webhook SET failures = failures + 1, failing_since = coalesce(failing_since, $2), rest_until = $3 WHERE id = $1
        """;

    private const string Disable = "UPDATE fieldwork.webhook SET disabled_at = $2, disabled_why = $3 WHERE id = $1 AND disabled_at IS NULL";

    private const string GiveUp = "UPDATE fieldwork.webhook_delivery SET state = 2, error = $2, last_at = $3 WHERE id = $1";

    private const string Purge = "DELETE FROM fieldwork.webhook_delivery WHERE state <> 0 AND last_at < $1";

    public static async Task FillAsync(FieldworkDb db, DateTimeOffset now, CancellationToken cancel)
    {
        if (!await db.InTurnAsync(() => db.ScalarAsync<bool>(Wanted, [], cancel), cancel))
            return;
        await ChangeFeed.DealAsync(db, cancel);
        while (await db.InTurnAsync(() => db.ExecuteAsync(Fill, [now], cancel), cancel) > 0)
        {
            // Those who are far behind go on in pieces.
        }
    }

    public static Task<int> PurgeAsync(FieldworkDb db, DateTimeOffset before, CancellationToken cancel) => db.InTurnAsync(() => db.ExecuteAsync(Purge, [before], cancel), cancel);

    /// <param name="full">Addresses that have enough under way.</param>
    public static async Task<TakenDelivery?> TakeAsync(NpgsqlConnection connection, DateTimeOffset now, Guid[] full, CancellationToken cancel)
    {
        await using var command = Command(connection, Take, now, full);
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel))
            return null;
        return new TakenDelivery(
            row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.IsDBNull(4) ? null : row.GetInt64(4), row.GetInt32(5), row.GetFieldValue<DateTimeOffset>(6),
            row.GetString(7), row.GetFieldValue<byte[][]>(8), row.GetInt32(9), row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10));
    }

    public static async Task<DateTimeOffset?> NextDueAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = Command(connection, NextDue, now);
        return await command.ExecuteScalarAsync(cancel) is DateTime due ? new DateTimeOffset(due, TimeSpan.Zero) : null;
    }

    public static async Task DeliveredAsync(NpgsqlConnection connection, TakenDelivery taken, SendResult result, DateTimeOffset now, CancellationToken cancel)
    {
        await RunAsync(connection, Delivered, [taken.Id, now, result.Status ?? 0, result.Milliseconds], cancel);
        await RunAsync(connection, Healthy, [taken.Webhook, now], cancel);
        if (taken.Failures > 0)
            await RunAsync(connection, Hurry, [taken.Webhook, now], cancel);
    }

    public static async Task FailedAsync(NpgsqlConnection connection, TakenDelivery taken, SendResult result, DateTimeOffset now, DateTimeOffset due, CancellationToken cancel)
    {
        var error = result.Error ?? "";
        await RunAsync(connection, Failed, [taken.Id, now, due, (object?)result.Status ?? DBNull.Value, error, result.Milliseconds], cancel);
        if (result.Rests)
            await RunAsync(connection, Ill, [taken.Webhook, now, due], cancel);
    }

    public static Task DisableAsync(NpgsqlConnection connection, TakenDelivery taken, string why, DateTimeOffset now, CancellationToken cancel) =>
        RunAsync(connection, Disable, [taken.Webhook, now, why], cancel);

    public static Task GiveUpAsync(NpgsqlConnection connection, TakenDelivery taken, string error, DateTimeOffset now, CancellationToken cancel) =>
        RunAsync(connection, GiveUp, [taken.Id, error, now], cancel);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancel)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
