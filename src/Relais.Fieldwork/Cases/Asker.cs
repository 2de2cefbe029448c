using Npgsql;
using Relais.Fieldwork.Rules;

namespace Relais.Fieldwork.Cases;

/// <summary>A wave and zone in which it is a moment to call, and the bit of the slot of the day there.</summary>
internal readonly record struct Opening(int Wave, string Zone, int SlotBit);

/// <param name="Dialled">Whether Relais calls its cases by itself.</param>
internal sealed record AskedWave(int Id, CallRules Rules, IReadOnlyDictionary<string, CallCalendar> Calendars, bool Dialled = false)
{
    // In minutes; beyond any rule.
    private const int Never = 100_000_000;

    /// <summary>For how long an appointment is for its interviewer alone: where cases are called by themselves, nobody else is to have it.</summary>
    public int AppointmentGraceMinutes => Dialled ? Never : Rules.AppointmentGraceMinutes;

    /// <param name="until">It must be a moment to call until then, in the same slot of the day.</param>
    public IEnumerable<Opening> Openings(DateTimeOffset now, DateTimeOffset until)
    {
        foreach (var (zone, calendar) in Calendars)
        {
            var slot = calendar.SlotAt(now);
            if (calendar.IsOpen(now) && (until == now || (calendar.IsOpen(until) && calendar.SlotAt(until) == slot)))
                yield return new Opening(Id, zone, slot >= 0 ? 1 << slot : 0);
        }
    }
}

/// <summary>An interviewer who asks for a case: what they can do, the running waves of their studies, and where it is a moment to call.</summary>
internal sealed record Asker(Guid Person, string[] Languages, string[] Skills, IReadOnlyList<AskedWave> Waves, IReadOnlyList<Opening> Openings)
{
    /// <summary>So long before a shift begins its interviewer may begin.</summary>
    public static readonly TimeSpan BeforeShift = TimeSpan.FromMinutes(10);

    internal const string Find = """
        SELECT i.languages, i.skills, w.id, w.rules, w.zones, coalesce(t.shifts_only, false),
          (SELECT min(s."from") FROM fieldwork.shift s WHERE t.shifts_only AND s.person_id = i.person_id AND s.until > $2), coalesce(w.dialling IN ('Progressive', 'Predictive'), false)
        FROM fieldwork.interviewer i
        LEFT JOIN fieldwork.team t ON t.id = i.team_id
        LEFT JOIN fieldwork.wave w ON w.study_id = ANY (t.studies) AND w.state = 'Running'
        WHERE i.person_id = $1 AND i.active
        ORDER BY w.priority, w.id
        """;

    /// <param name="row">What <see cref="Find"/> gives.</param>
    /// <returns>Null with the reason, and when it is worth asking again if that is known.</returns>
    public static async Task<(Asker? Asker, string? Why, DateTimeOffset? Next)> ReadAsync(NpgsqlDataReader row, Guid person, DateTimeOffset now, CancellationToken cancel)
    {
        var waves = new List<AskedWave>();
        (string[] Languages, string[] Skills)? able = null;
        (bool Only, DateTimeOffset? From) shift = default;
        while (await row.ReadAsync(cancel))
        {
            able = (row.GetFieldValue<string[]>(0), row.GetFieldValue<string[]>(1));
            shift = (row.GetBoolean(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6));
            if (!row.IsDBNull(2))
                waves.Add(WaveRules.Of(row.GetInt32(2), row.GetString(3), row.GetFieldValue<string[]>(4), row.GetBoolean(7)));
        }

        if (able is not { } can)
            return (null, "not-interviewer", null);
        if (waves.Count == 0)
            return (null, "no-study", null);
        // Ten minutes early is no matter; what is in hand goes on after the end.
        if (shift.Only && !(shift.From - BeforeShift <= now))
            return (null, "outside-shift", shift.From);
        return (new Asker(person, can.Languages, can.Skills, waves, [.. waves.SelectMany(w => w.Openings(now, now))]), null, null);
    }

    /// <summary>The next moment at which one of the waves may call somewhere.</summary>
    public DateTimeOffset? NextOpen(DateTimeOffset now) => Waves.SelectMany(w => w.Calendars.Values).Min(c => c.NextOpen(now, spent: 0));

    public CallRules Rules(int wave) => Waves.First(w => w.Id == wave).Rules;

    public CallCalendar Calendar(int wave, string zone) => Waves.First(w => w.Id == wave).Calendars[zone];
}
