using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Relais.Fieldwork;

/// <summary>A piece of work in one transaction: the caller's when there is one under way, else its own.</summary>
internal static class Turn
{
    public static async Task<T> InTurnAsync<T>(this FieldworkDb db, Func<Task<T>> work, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is not null)
            return await work();
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        var result = await work();
        await turn.CommitAsync(cancel);
        return result;
    }

    /// <summary>A command on the context's connection, in the transaction that is under way. Nulls need a cast in the SQL.</summary>
    public static NpgsqlCommand Command(this FieldworkDb db, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection());
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>Several commands in one round trip; each sees what those before it did, and what others had committed when its turn came.</summary>
    public static NpgsqlBatch Batch(this FieldworkDb db, params ReadOnlySpan<(string Sql, object?[] Values)> commands)
    {
        var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        foreach (var (sql, values) in commands)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values)
                command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    // Prepared once a connection: planning these costs more than running them. A null has no type to prepare for.
    private static async Task<NpgsqlCommand> ReadyAsync(this FieldworkDb db, string sql, object?[] values, CancellationToken cancel)
    {
        var command = db.Command(sql, values);
        if (!values.Contains(null))
            await command.PrepareAsync(cancel);
        return command;
    }

    public static async Task<int> ExecuteAsync(this FieldworkDb db, string sql, object?[] values, CancellationToken cancel)
    {
        await using var command = await db.ReadyAsync(sql, values, cancel);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<T?> ScalarAsync<T>(this FieldworkDb db, string sql, object?[] values, CancellationToken cancel)
    {
        await using var command = await db.ReadyAsync(sql, values, cancel);
        return await command.ExecuteScalarAsync(cancel) is T value ? value : default;
    }
}
