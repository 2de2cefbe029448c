namespace Relais.Fieldwork.Cases;

internal abstract record ClaimedNumbers
{
    private ClaimedNumbers() { }

    public sealed record Yes : ClaimedNumbers;

    /// <summary>One of them is to be left alone until then.</summary>
    public sealed record Quiet(DateTimeOffset Until) : ClaimedNumbers;

    /// <summary>Somebody has another case with one of them.</summary>
    public sealed record Busy : ClaimedNumbers;

    /// <summary>No number is left that may be called.</summary>
    public sealed record None : ClaimedNumbers;
}

/// <summary>Sees that nobody else is calling the numbers of a case, in whatever study, and that they may be called: the same respondent can be in two samples.</summary>
internal static class ClaimNumbers
{
    private const string Look = """
        SELECT n.number, s.number IS NOT NULL, greatest(t.quiet_until, CASE WHEN $2 > 0 THEN t.recent[$2] + interval '30 days' END),
          t.held_case IS NOT NULL AND t.held_case <> $1 AND EXISTS (SELECT 1 FROM fieldwork.hold h WHERE h.case_id = t.held_case)
        FROM fieldwork.case_number n
        LEFT JOIN fieldwork.suppression s ON s.number = n.number
        LEFT JOIN fieldwork.number_state t ON t.number = n.number
        WHERE n.case_id = $1 AND NOT n.dead
        """;

    private const string Bury = "UPDATE fieldwork.case_number SET dead = true WHERE case_id = $1 AND number = ANY ($2)";

    // The latest call stands first in recent: the one at the limit says from when another is allowed, also when other waves have no limit.
    // In the order of the numbers, so that two cases with the same numbers don't wait for one another. The condition looks again, behind the lock.
    private const string Claim = """
        INSERT INTO fieldwork.number_state AS t (number, recent, held_case)
        SELECT n, '{}', $1 FROM unnest($2::bigint[]) AS u (n) ORDER BY n
        ON CONFLICT (number) DO UPDATE SET held_case = $1
        WHERE (t.held_case IS NULL OR t.held_case = $1 OR NOT EXISTS (SELECT 1 FROM fieldwork.hold h WHERE h.case_id = t.held_case))
          AND ($3 OR ((t.quiet_until IS NULL OR t.quiet_until <= $4) AND ($5 = 0 OR t.recent[$5] IS NULL OR t.recent[$5] + interval '30 days' <= $4)))
        """;

    /// <param name="mostCalls">Of one number in thirty days; 0: no limit.</param>
    public static async Task<ClaimedNumbers> TryAsync(FieldworkDb db, long id, DateTimeOffset now, int mostCalls, bool byAppointment, CancellationToken cancel)
    {
        var (numbers, suppressed, busy, quiet) = (new SortedSet<long>(), new List<long>(), false, DateTimeOffset.MinValue);
        await using (var command = db.Command(Look, id, mostCalls))
        {
            await command.PrepareAsync(cancel);
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
            {
                if (row.GetBoolean(1))
                {
                    suppressed.Add(row.GetInt64(0));
                    continue;
                }

                numbers.Add(row.GetInt64(0));
                busy |= row.GetBoolean(3);
                if (!row.IsDBNull(2) && row.GetFieldValue<DateTimeOffset>(2) is var until && until > quiet)
                    quiet = until;
            }
        }

        if (suppressed.Count > 0)
            await db.ExecuteAsync(Bury, [id, suppressed.ToArray()], cancel);
        if (numbers.Count == 0)
            return new ClaimedNumbers.None();
        if (busy)
            return new ClaimedNumbers.Busy();
        if (quiet > now && !byAppointment)
            return new ClaimedNumbers.Quiet(quiet);
        return await db.ExecuteAsync(Claim, [id, numbers.ToArray(), byAppointment, now, mostCalls], cancel) == numbers.Count
            ? new ClaimedNumbers.Yes()
            : new ClaimedNumbers.Busy();
    }
}
