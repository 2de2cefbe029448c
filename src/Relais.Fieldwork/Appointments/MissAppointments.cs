using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Appointments;

/// <summary>Appointments that nobody kept are marked as missed; their cases go before all others that may be called.</summary>
internal static class MissAppointments
{
    private const string Miss = """
        WITH late AS (
          SELECT a.id, a.case_id FROM fieldwork.appointment a JOIN fieldwork.cases c ON c.id = a.case_id
          WHERE a.wave_id = $1 AND a.state = 'Waiting' AND a.at < $2 - make_interval(mins => $3) AND c.state = 3
          ORDER BY a.at LIMIT 500 FOR UPDATE OF a, c SKIP LOCKED),
        missed AS (UPDATE fieldwork.appointment a SET state = 'Missed' FROM late l WHERE a.id = l.id),
        ready AS (UPDATE fieldwork.cases c SET state = 1, due_at = $2 FROM late l WHERE c.id = l.case_id RETURNING c.pool_id)
        UPDATE fieldwork.pool p SET due_at = $2 WHERE p.id IN (SELECT pool_id FROM ready) AND p.due_at > $2
        """;

    /// <returns>How many pools came to have such a case.</returns>
    public static async Task<int> HandleAsync(FieldworkDb db, IReadOnlyList<Wave> running, TimeProvider clock, CancellationToken cancel)
    {
        var missed = 0;
        foreach (var wave in running)
        {
            missed += await db.InTurnAsync(
                () => db.ExecuteAsync(Miss, [wave.Id, clock.GetUtcNow(), Rules.WaveRules.Parse(wave.Rules).AppointmentMissedMinutes], cancel), cancel);
        }

        return missed;
    }
}
