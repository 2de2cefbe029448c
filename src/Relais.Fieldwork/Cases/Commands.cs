namespace Relais.Fieldwork.Cases;

/// <summary>
/// A command with an id is done once: sent again, because its answer was lost on the way, it is answered as the first time. Of two at once the second
/// waits for the first.
/// </summary>
internal static class Commands
{
    internal const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 4711))";

    internal const string Find = "SELECT answer FROM fieldwork.command WHERE person_id = $1 AND id = $2";

    internal const string Keep = "INSERT INTO fieldwork.command (id, person_id, answer, at) VALUES ($1, $2, $3, $4)";

    /// <summary>In the transaction of the work, which must be under way.</summary>
    public static async Task<T> OnceAsync<T>(
        this FieldworkDb db, Guid command, Guid person, DateTimeOffset now, Func<Task<T>> work, Func<T, bool> keep, CancellationToken cancel)
        where T : class
    {
        await db.ExecuteAsync(Lock, [command.ToString()], cancel);
        if (await db.ScalarAsync<string>(Find, [person, command], cancel) is { } answer)
            return FieldworkJson.Read<T>(answer);
        var done = await work();
        if (keep(done))
            await db.ExecuteAsync(Keep, [command, person, FieldworkJson.Write(done), now], cancel);
        return done;
    }
}
