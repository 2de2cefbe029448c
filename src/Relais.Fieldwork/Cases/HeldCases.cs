using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Relais.Fieldwork.Cases;

/// <summary>Puts a chosen case into somebody's hands, and gives again what they have.</summary>
internal static class HeldCases
{
    private const string Take = """
        WITH taken AS (UPDATE fieldwork.cases SET state = 2, fence = fence + 1 WHERE id = $1 RETURNING id, wave_id, pool_id, fence, tries),
        held AS (
          INSERT INTO fieldwork.hold (case_id, person_id, wave_id, fence, taken_at, seen_at, until, stage, appointment_id, slot)
          SELECT id, $2, wave_id, fence, $3, $3, $4, 0, $5::uuid, $6 FROM taken),
        kept AS (UPDATE fieldwork.appointment SET state = 'Kept' WHERE id = $5::uuid)
        SELECT t.id, t.fence, t.wave_id, w.name, w.study_id, w.questionnaire_id, r.key, p.language, p.zone, r.fields, t.tries, $4, 0::smallint, $5::uuid IS NOT NULL
        FROM taken t JOIN fieldwork.wave w ON w.id = t.wave_id JOIN fieldwork.pool p ON p.id = t.pool_id JOIN fieldwork.case_record r ON r.case_id = t.id
        """;

    // Whoever asks again has perhaps another computer: what the first still sends is refused from now on. Not for a command that was done before.
    internal const string Again = """
        WITH locked AS (
          SELECT c.id FROM fieldwork.hold h JOIN fieldwork.cases c ON c.id = h.case_id
          WHERE h.person_id = $1 AND NOT EXISTS (SELECT 1 FROM fieldwork.command d WHERE d.person_id = $1 AND d.id = $4) FOR UPDATE OF c),
        mine AS (UPDATE fieldwork.hold h SET fence = fence + 1, seen_at = $2, until = greatest(until, $3) FROM locked l WHERE h.case_id = l.id AND h.person_id = $1 RETURNING h.*),
        taken AS (UPDATE fieldwork.cases c SET fence = m.fence FROM mine m WHERE c.id = m.case_id RETURNING c.id, c.pool_id, c.tries)
        SELECT t.id, m.fence, m.wave_id, w.name, w.study_id, w.questionnaire_id, r.key, p.language, p.zone, r.fields, t.tries, m.until, m.stage, m.appointment_id IS NOT NULL
        FROM mine m JOIN taken t ON t.id = m.case_id JOIN fieldwork.wave w ON w.id = m.wave_id JOIN fieldwork.pool p ON p.id = t.pool_id
        JOIN fieldwork.case_record r ON r.case_id = t.id
        """;

    private const string Numbers = "SELECT position, number FROM fieldwork.case_number WHERE case_id = $1 AND NOT dead ORDER BY position";

    /// <param name="until">Without a sign until then the case comes back.</param>
    public static async Task<TakeCase.Held> TakeAsync(
        FieldworkDb db, Chosen chosen, Guid person, DateTimeOffset now, DateTimeOffset until, CancellationToken cancel)
    {
        await using var batch = db.Batch(
            (Take, [chosen.Case, person, now, until, new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)chosen.Appointment ?? DBNull.Value }, chosen.Slot]),
            (Numbers, [chosen.Case]));
        await batch.PrepareAsync(cancel);
        await using var row = await batch.ExecuteReaderAsync(cancel);
        var held = await ReadAsync(row, cancel) ?? throw new InvalidOperationException($"Case {chosen.Case} was locked and is gone.");
        await row.NextResultAsync(cancel);
        return held with { Numbers = await NumbersAsync(row, held.Tries, cancel) };
    }

    public static async Task<TakeCase.Held> WithNumbersAsync(FieldworkDb db, TakeCase.Held held, CancellationToken cancel)
    {
        await using var command = db.Command(Numbers, held.Case);
        await command.PrepareAsync(cancel);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return held with { Numbers = await NumbersAsync(row, held.Tries, cancel) };
    }

    /// <param name="row">What <see cref="Again"/> gives; null: they have none.</param>
    /// <returns>Without its numbers.</returns>
    public static async Task<TakeCase.Held?> ReadAsync(NpgsqlDataReader row, CancellationToken cancel)
    {
        if (!await row.ReadAsync(cancel))
            return null;
        using var fields = JsonDocument.Parse(row.GetString(9));
        return new TakeCase.Held(
            row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.GetGuid(4), row.IsDBNull(5) ? null : row.GetGuid(5), row.GetString(6),
            row.GetString(7), row.GetString(8), fields.RootElement.Clone(), [], row.GetInt32(10), row.GetFieldValue<DateTimeOffset>(11),
            row.GetInt16(12) == (short)HoldStage.Interviewing, row.GetBoolean(13));
    }

    // Each call turns to the next number.
    private static async Task<List<TakeCase.HeldNumber>> NumbersAsync(NpgsqlDataReader row, int tries, CancellationToken cancel)
    {
        var numbers = new List<TakeCase.HeldNumber>();
        while (await row.ReadAsync(cancel))
            numbers.Add(new TakeCase.HeldNumber(row.GetInt16(0), "+" + row.GetInt64(1).ToString(CultureInfo.InvariantCulture)));
        var first = numbers.Count == 0 ? 0 : tries % numbers.Count;
        return [.. numbers.Skip(first), .. numbers.Take(first)];
    }
}
