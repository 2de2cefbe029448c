using System.Runtime.CompilerServices;
using Npgsql;

namespace Relais.Fieldwork.Verification;

/// <summary>A row of the history of calls, with what is needed to judge it.</summary>
/// <param name="Number">The digits that were called; null: nobody was.</param>
/// <param name="Late">The end of a call that had been counted before, when its interviewer gave no sign any more.</param>
/// <param name="SuppressedAt">Since when the number is on a suppression list.</param>
internal sealed record RecordedCall(
    long Id, long Case, int Wave, Guid Person, DateTimeOffset From, DateTimeOffset Until, short Outcome, short Slot, bool ByAppointment, bool Late, string Zone, long? Number, DateTimeOffset? SuppressedAt);

/// <summary>Reads the history of calls row by row, in the order in which a question needs it.</summary>
internal static class CallHistory
{
    // A call that was lost and then ended after all stands twice, with the same taking, person and fence.
    private const string Calls = """
        SELECT a.id, a.case_id, a.wave_id, a.person_id, a."from", a.until, a.outcome, a.slot, a.by_appointment, a.late, p.zone, n.number, s.at
        FROM (
          SELECT b.*, EXISTS (
            SELECT 1 FROM fieldwork.attempt e WHERE e.case_id = b.case_id AND e.fence = b.fence AND e.person_id = b.person_id AND e."from" = b."from" AND e.outcome = 31 AND e.id < b.id) AS late
          FROM fieldwork.attempt b) a
        JOIN fieldwork.cases c ON c.id = a.case_id
        JOIN fieldwork.pool p ON p.id = c.pool_id
        LEFT JOIN fieldwork.case_number n ON n.case_id = a.case_id AND n.position = a.number
        LEFT JOIN fieldwork.suppression s ON s.number = n.number
        """;

    private const string OfCases = Calls + """
         WHERE a.wave_id = ANY ($1) ORDER BY a.case_id, a.id
        """;

    // Calls that Relais placed by itself, and that reached no interviewer, are nobody's.
    private const string OfPeople = Calls + """
         WHERE a.person_id IN (SELECT DISTINCT person_id FROM fieldwork.attempt WHERE wave_id = ANY ($1)) AND NOT a.late AND a.person_id <> '00000000-0000-0000-0000-000000000000' ORDER BY a.person_id, a."from", a.until, a.id
        """;

    private const string OfNumbers = Calls + """
         WHERE n.number IN (
          SELECT m.number FROM fieldwork.attempt b JOIN fieldwork.case_number m ON m.case_id = b.case_id AND m.position = b.number WHERE b.wave_id = ANY ($1))
        ORDER BY n.number, a."from", a.id
        """;

    public static IAsyncEnumerable<RecordedCall> ByCaseAsync(FieldworkDb db, int[] waves, CancellationToken cancel) => ReadAsync(db, OfCases, waves, cancel);

    public static IAsyncEnumerable<RecordedCall> ByPersonAsync(FieldworkDb db, int[] waves, CancellationToken cancel) => ReadAsync(db, OfPeople, waves, cancel);

    public static IAsyncEnumerable<RecordedCall> ByNumberAsync(FieldworkDb db, int[] waves, CancellationToken cancel) => ReadAsync(db, OfNumbers, waves, cancel);

    private static async IAsyncEnumerable<RecordedCall> ReadAsync(FieldworkDb db, string sql, int[] waves, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = db.Command(sql, waves);
        // A season of calls is read at once.
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            yield return Read(row);
    }

    private static RecordedCall Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetGuid(3), row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5), row.GetInt16(6), row.GetInt16(7),
        row.GetBoolean(8), row.GetBoolean(9), row.GetString(10), row.IsDBNull(11) ? null : row.GetInt64(11), row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12));
}
