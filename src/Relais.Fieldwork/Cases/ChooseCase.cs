using Npgsql;

namespace Relais.Fieldwork.Cases;

/// <summary>A case whose row is locked for whoever asked.</summary>
internal sealed record Chosen(long Case, int Wave, string Zone, short Slot, Guid? Appointment);

/// <summary>
/// The choice: rows that somebody else is choosing are stepped over, so that askers neither wait for one another nor get the same case. Pools that may
/// be called now are drawn by weight, and the first due case of one is one step into an index (decision 0023).
/// </summary>
internal static class ChooseCase
{
    // A number that is being called, to be left alone, or not to be called: then another case is looked for.
    private const int MostLooks = 40;

    private static readonly TimeSpan LaterWhenHeld = TimeSpan.FromMinutes(10);

    private const string Promised = """
        SELECT c.id, c.wave_id, p.zone, a.id, p.spent
        FROM unnest($1::int[], $2::int[], $8::int[]) AS w (id, grace, missed)
        JOIN fieldwork.appointment a ON a.wave_id = w.id AND a.state = 'Waiting' AND a.at <= $3 AND a.at >= $3 - make_interval(mins => w.missed)
        JOIN fieldwork.cases c ON c.id = a.case_id AND c.state = 3
        JOIN fieldwork.pool p ON p.id = c.pool_id
        JOIN fieldwork.stratum s ON s.id = p.stratum_id AND s.open
        WHERE (a.person_id IS NULL OR a.person_id = $4 OR a.at <= $3 - make_interval(mins => w.grace))
          AND p.language = ANY ($5) AND (p.skill = '' OR p.skill = ANY ($6)) AND a.id <> ALL ($7)
        ORDER BY a.hard DESC, a.at
        LIMIT 1 FOR UPDATE OF c, a SKIP LOCKED
        """;

    // ln(random()) / weight: draws without replacement in proportion to the weights (Efraimidis and Spirakis, 2006).
    private const string Due = """
        SELECT c.id, p.wave_id, p.zone, NULL::uuid, p.spent
        FROM (
          SELECT p.id, p.wave_id, p.zone, p.spent
          FROM unnest($1::int[], $2::text[], $3::int[]) WITH ORDINALITY AS o (wave_id, zone, slot_bit, place)
          JOIN fieldwork.pool p ON p.wave_id = o.wave_id AND p.zone = o.zone AND p.spent & o.slot_bit = 0
          JOIN fieldwork.stratum s ON s.id = p.stratum_id AND s.open
          WHERE p.due_at <= $6 AND p.language = ANY ($4) AND (p.skill = '' OR p.skill = ANY ($5))
          ORDER BY o.place, p.priority, p.tried DESC, ln(1 - random()) / p.weight DESC
        ) p
        CROSS JOIN LATERAL (
          SELECT c.id FROM fieldwork.cases c
          WHERE c.pool_id = p.id AND c.state = 1 AND c.due_at <= $6
          ORDER BY c.due_at, c.shuffle LIMIT 1 FOR UPDATE SKIP LOCKED
        ) c
        LIMIT 1
        """;

    public static async Task<Chosen?> ByAppointmentAsync(FieldworkDb db, Asker asker, DateTimeOffset now, CancellationToken cancel)
    {
        var (waves, graces) = (asker.Waves.Select(w => w.Id).ToArray(), asker.Waves.Select(w => w.AppointmentGraceMinutes).ToArray());
        var missed = asker.Waves.Select(w => w.Rules.AppointmentMissedMinutes).ToArray();
        var passed = new List<Guid>();
        while (passed.Count < MostLooks)
        {
            await using var command = db.Command(Promised, waves, graces, now, asker.Person, asker.Languages, asker.Skills, passed.ToArray(), missed);
            if (await ReadAsync(command, asker, now, cancel) is not { } found)
                return null;
            // Whoever asked to be called is called, also when they were called lately. Not while another case of theirs is being called.
            if (await ClaimNumbers.TryAsync(db, found.Chosen.Case, now, mostCalls: 0, byAppointment: true, cancel) is ClaimedNumbers.Yes)
                return found.Chosen;
            passed.Add(found.Chosen.Appointment ?? Guid.Empty);
        }

        return null;
    }

    public static async Task<Chosen?> FromPoolsAsync(FieldworkDb db, Asker asker, DateTimeOffset now, CancellationToken cancel)
    {
        var openings = asker.Openings;
        var (waves, zones, bits) = (openings.Select(o => o.Wave).ToArray(), openings.Select(o => o.Zone).ToArray(), openings.Select(o => o.SlotBit).ToArray());
        for (var look = 0; look < MostLooks; look++)
        {
            await using var command = db.Command(Due, waves, zones, bits, asker.Languages, asker.Skills, now);
            if (await ReadAsync(command, asker, now, cancel) is not { } found)
                return null;
            switch (await ClaimNumbers.TryAsync(db, found.Chosen.Case, now, asker.Rules(found.Chosen.Wave).MostCallsIn30Days, byAppointment: false, cancel))
            {
                case ClaimedNumbers.Yes:
                    return found.Chosen;
                case ClaimedNumbers.Quiet quiet:
                    var until = asker.Calendar(found.Chosen.Wave, found.Chosen.Zone).NextOpen(quiet.Until, found.Spent);
                    await PutOffAsync(db, found.Chosen.Case, until ?? quiet.Until, cancel);
                    break;
                case ClaimedNumbers.Busy:
                    await PutOffAsync(db, found.Chosen.Case, now + LaterWhenHeld, cancel);
                    break;
                case ClaimedNumbers.None:
                    await db.ExecuteAsync("UPDATE fieldwork.cases SET state = 6 WHERE id = $1", [found.Chosen.Case], cancel);
                    break;
            }
        }

        return null;
    }

    private static Task<int> PutOffAsync(FieldworkDb db, long id, DateTimeOffset until, CancellationToken cancel) =>
        db.ExecuteAsync("UPDATE fieldwork.cases SET due_at = $2 WHERE id = $1", [id, until], cancel);

    private static async Task<(Chosen Chosen, int Spent)?> ReadAsync(NpgsqlCommand command, Asker asker, DateTimeOffset now, CancellationToken cancel)
    {
        await command.PrepareAsync(cancel);
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel))
            return null;
        var (wave, zone) = (row.GetInt32(1), row.GetString(2));
        Guid? appointment = row.IsDBNull(3) ? null : row.GetGuid(3);
        return (new Chosen(row.GetInt64(0), wave, zone, (short)asker.Calendar(wave, zone).SlotAt(now), appointment), row.GetInt32(4));
    }
}
