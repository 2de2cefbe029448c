using System.Globalization;

namespace Relais.Fieldwork.Verification;

/// <summary>Holds cases, holds, appointments, slots and the history of calls against one another.</summary>
internal static class VerifyStates
{
    // Each gives the cases that are wrong. Outcome 1 is "complete", 31 "lost".
    private static readonly (string Rule, string What, string Sql)[] Questions =
    [
        (Broken.State, "is held by nobody", "SELECT c.id FROM fieldwork.cases c WHERE c.wave_id = ANY ($1) AND c.state = 2 AND NOT EXISTS (SELECT 1 FROM fieldwork.hold h WHERE h.case_id = c.id)"),
        (Broken.State, "is in somebody's hands and does not say so", "SELECT h.case_id FROM fieldwork.hold h JOIN fieldwork.cases c ON c.id = h.case_id WHERE c.wave_id = ANY ($1) AND (c.state <> 2 OR c.fence <> h.fence)"),
        (Broken.HeldTwice, "was taken while somebody had it", """SELECT h.case_id FROM fieldwork.hold h WHERE h.wave_id = ANY ($1) AND EXISTS (SELECT 1 FROM fieldwork.attempt a WHERE a.case_id = h.case_id AND a.until > h.taken_at)"""),
        (Broken.State, "waits for an appointment that is not there", "SELECT c.id FROM fieldwork.cases c WHERE c.wave_id = ANY ($1) AND c.state = 3 AND NOT EXISTS (SELECT 1 FROM fieldwork.appointment a WHERE a.case_id = c.id AND a.state = 'Waiting')"),
        (Broken.State, "has an appointment that is forgotten", "SELECT a.case_id FROM fieldwork.appointment a JOIN fieldwork.cases c ON c.id = a.case_id WHERE a.wave_id = ANY ($1) AND a.state = 'Waiting' AND c.state NOT IN (2, 3)"),
        (Broken.Quota, "keeps a slot without an interview under way", "SELECT DISTINCT r.case_id FROM fieldwork.reservation r JOIN fieldwork.cases c ON c.id = r.case_id WHERE c.wave_id = ANY ($1) AND NOT EXISTS (SELECT 1 FROM fieldwork.hold h WHERE h.case_id = r.case_id AND h.stage = 1)"),
        (Broken.State, "was called more or less often than it counts", """
            SELECT c.id FROM fieldwork.cases c
            LEFT JOIN (SELECT case_id, count(DISTINCT (fence, person_id, "from")) AS calls FROM fieldwork.attempt WHERE wave_id = ANY ($1) AND number >= 0 GROUP BY case_id) a ON a.case_id = c.id
            WHERE c.wave_id = ANY ($1) AND c.tries <> coalesce(a.calls, 0)
            """),
        (Broken.Quota, "was completed more than once", "SELECT case_id FROM fieldwork.attempt WHERE wave_id = ANY ($1) AND outcome = 1 GROUP BY case_id HAVING count(*) > 1 + (SELECT count(*) FROM fieldwork.interview i WHERE i.case_id = attempt.case_id AND i.state = 3)"),
        (Broken.Quota, "is completed by its state or by its calls, not by both", """
            SELECT c.id FROM fieldwork.cases c
            WHERE c.wave_id = ANY ($1) AND (c.state = 4 AND c.outcome = 1) <> EXISTS (SELECT 1 FROM fieldwork.attempt a WHERE a.case_id = c.id AND a.outcome = 1)
              AND (c.outcome = 1 OR EXISTS (SELECT 1 FROM fieldwork.attempt a WHERE a.case_id = c.id AND a.outcome = 1))
              AND NOT EXISTS (SELECT 1 FROM fieldwork.interview i WHERE i.case_id = c.id AND i.state = 3)
            """),
        (Broken.Quota, "has a completed interview and no completed call", """
            SELECT i.case_id FROM fieldwork.interview i
            WHERE i.wave_id = ANY ($1) AND i.state = 1 AND NOT EXISTS (SELECT 1 FROM fieldwork.attempt a WHERE a.case_id = i.case_id AND a.outcome = 1)
            """),
        (Broken.Answers, "has two interviews that were completed", "SELECT case_id FROM fieldwork.interview WHERE wave_id = ANY ($1) AND state = 1 GROUP BY case_id HAVING count(*) > 1"),
    ];

    public static async Task OfWavesAsync(FieldworkDb db, int[] waves, Findings findings, CancellationToken cancel)
    {
        foreach (var (rule, what, sql) in Questions)
        {
            await using var command = db.Command(sql, waves);
            command.CommandTimeout = 0;
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
                findings.Add(rule, string.Create(CultureInfo.InvariantCulture, $"case {row.GetInt64(0)} {what}"));
        }
    }
}
