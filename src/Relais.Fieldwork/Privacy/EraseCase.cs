using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Contracts;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Quotas;
using Relais.Kernel.Events;

namespace Relais.Fieldwork.Privacy;

/// <summary>
/// Erases what is known of one case's respondent, in the transaction that is under way: numbers, the sample's columns and id, remarks, what the answers to commands
/// kept, and perhaps the answers. Outcomes, calls and quota slots stay: rates and counts do not change.
/// </summary>
internal static class EraseCase
{
    private const string LockCase = "SELECT * FROM fieldwork.cases WHERE id = {0} FOR UPDATE";

    private const string Record = "UPDATE fieldwork.case_record SET fields = '{}', key = $2 WHERE case_id = $1";

    // A line that was refused shows what stood there.
    private const string Faults = """
        UPDATE fieldwork.sample_fault f SET named = NULL FROM fieldwork.case_number n
        WHERE n.case_id = $1 AND f.named IS NOT NULL AND regexp_replace(f.named, '\D', '', 'g') LIKE '%' || right(n.number::text, 9) || '%'
        """;

    private const string Calls = """
        WITH mine AS (SELECT number FROM fieldwork.case_number WHERE case_id = $1),
        listed AS (DELETE FROM fieldwork.suppression WHERE number IN (SELECT number FROM mine))
        DELETE FROM fieldwork.number_state s WHERE s.number IN (SELECT number FROM mine)
          AND (s.held_case IS NULL OR NOT EXISTS (SELECT FROM fieldwork.hold h WHERE h.case_id = s.held_case))
        """;

    private const string Numbers = "DELETE FROM fieldwork.case_number WHERE case_id = $1";

    private const string Remarks = "UPDATE fieldwork.attempt SET comment = NULL WHERE case_id = $1 AND comment IS NOT NULL";

    private const string Reasons = """
        UPDATE fieldwork.review r SET reason = NULL FROM fieldwork.interview i WHERE i.id = r.interview_id AND i.case_id = $1 AND r.reason IS NOT NULL
        """;

    // A message about the case begins with its name in the sample, which may be its number.
    private const string Notices = """
        UPDATE fieldwork.notice n SET text = '' FROM fieldwork.case_record r
        WHERE r.case_id = $1 AND n.kind <> $2 AND (n.text = r.key OR starts_with(n.text, r.key || ' : '))
        """;

    private const string Appointments = "UPDATE fieldwork.appointment SET state = 'Cancelled' WHERE case_id = $1 AND state = 'Waiting'";

    // What "the next case" was answered holds numbers and columns; it is kept for the same question again.
    private const string Commands = """
        DELETE FROM fieldwork.command WHERE answer LIKE '%"case":' || $1::text || ',%' OR answer LIKE '%"case":' || $1::text || '}%'
        """;

    private const string Steps = "DELETE FROM fieldwork.interview_event WHERE interview_id = $1";

    private const string SpokenRemarks = "UPDATE fieldwork.interview_event SET value = '' WHERE interview_id = $1 AND kind = 5 AND value <> ''";

    private const string Rest = "UPDATE fieldwork.cases SET state = 6 WHERE id = $1 AND state IN (0, 1, 3)";

    private const string Told = """
        INSERT INTO fieldwork.study_change (event_id, study_id, wave_id, case_id, kind, at, facts)
        SELECT gen_random_uuid(), w.study_id, w.id, $1, $2, $3, $4::jsonb FROM fieldwork.wave w WHERE w.id = $5
        """;

    /// <summary>What was done.</summary>
    public sealed record Done(int Remarks, int Interviews);

    /// <returns>Null: somebody has the case in hand now; later.</returns>
    public static async Task<Done?> HandleAsync(FieldworkDb db, Outbox outbox, long id, bool answersToo, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.Cases.FromSqlRaw(LockCase, id).AsNoTracking().SingleOrDefaultAsync(cancel) is not { } row)
            return new Done(0, 0);
        if (await db.Holds.AnyAsync(h => h.CaseId == id, cancel))
            return null;
        await db.ExecuteAsync(Faults, [id], cancel);
        await db.ExecuteAsync(Calls, [id], cancel);
        await db.ExecuteAsync(Numbers, [id], cancel);
        await db.ExecuteAsync(Notices, [id, Notice.Words], cancel);
        await db.ExecuteAsync(Record, [id, ErasedCase.NewKey()], cancel);
        var remarks = await db.ExecuteAsync(Remarks, [id], cancel) + await db.ExecuteAsync(Reasons, [id], cancel);
        await db.ExecuteAsync(Appointments, [id], cancel);
        await db.ExecuteAsync(Commands, [id.ToString(CultureInfo.InvariantCulture)], cancel);
        await db.ExecuteAsync(Rest, [id], cancel);
        var interviews = await db.Interviews.Where(i => i.CaseId == id).ToListAsync(cancel);
        foreach (var interview in interviews)
            remarks += await EraseAsync(db, outbox, interview, answersToo, now, cancel);
        await db.SaveChangesAsync(cancel);
        await db.ExecuteAsync(Told, [id, Steering.ChangeKinds.CaseErased, now, FieldworkJson.Write(new { answersToo }), row.WaveId], cancel);
        return new Done(remarks, interviews.Count);
    }

    private static async Task<int> EraseAsync(FieldworkDb db, Outbox outbox, Interview interview, bool answersToo, DateTimeOffset now, CancellationToken cancel)
    {
        var columns = FieldworkJson.Read<Dictionary<string, string>>(interview.Known).Keys;
        db.Entry(interview).Property(i => i.Known).CurrentValue = "{}";
        if (interview.State == InterviewState.Running)
            (interview.State, interview.EndedAt) = (InterviewState.Ended, now);
        if (!answersToo)
        {
            interview.Record = WithoutRemarks(interview.Record);
            // What quotas speak of is no contact data, and figures are made of it.
            var kept = await QuotaVariables.OfAsync(db, interview.WaveId, cancel);
            if (interview.State is InterviewState.Completed or InterviewState.Rejected)
                outbox.Tell(db, new InterviewErased(Guid.CreateVersion7(now), $"case:{interview.CaseId}", interview.Id, [.. columns.Except(kept, StringComparer.Ordinal)]));
            return await db.ExecuteAsync(SpokenRemarks, [interview.Id], cancel);
        }

        await db.ExecuteAsync(Steps, [interview.Id], cancel);
        (interview.Record, interview.Screened) = (null, null);
        if (interview.State is InterviewState.Completed or InterviewState.Rejected)
        {
            await db.ExecuteAsync(Told, [interview.CaseId, Steering.ChangeKinds.InterviewErased, now, FieldworkJson.Write(new { interview = interview.Id }), interview.WaveId], cancel);
            outbox.Tell(db, new InterviewErased(Guid.CreateVersion7(now), $"case:{interview.CaseId}", interview.Id, null));
        }

        return 0;
    }

    internal static string? WithoutRemarks(string? record)
    {
        if (record is null || JsonNode.Parse(record) is not JsonObject document)
            return record;
        document["comments"] = new JsonObject();
        using var buffer = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer, new System.Text.Json.JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            document.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
