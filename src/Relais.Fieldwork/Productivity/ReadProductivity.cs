using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Reviews;
using Relais.Fieldwork.Teams;

namespace Relais.Fieldwork.Productivity;

internal enum ProductivityGroup
{
    Interviewer,
    Team,
    Hour,
    Day,
}

/// <param name="Name">Of the interviewer or team; an hour as "14", a day as 2030-01-31.</param>
/// <param name="Person">When grouped by interviewer.</param>
/// <param name="Completed">Rejected ones are not among them.</param>
/// <param name="Rates">Of AAPOR, from what each case came to in these calls.</param>
/// <param name="Fair">Completed beside expected from the calls they were given.</param>
internal sealed record ProductivityLine(
    string Name, Guid? Person, int Calls, int Contacts, int Completed, int Refused, int Rejected, TimeAtWork Time, IReadOnlyList<OutcomeRate> Rates, EventRatio Fair)
{
    public Fraction? RefusalRate => Fraction.Of(Refused, Contacts);

    /// <summary>Null: no time was recorded.</summary>
    public double? PerHour => Time.All > TimeSpan.Zero ? Completed / Time.All.TotalHours : null;

    public Fraction? Rate(string name) => Rates.First(r => r.Name == name).Value;
}

/// <summary>Who did how much in a wave, and whether a difference between people says anything.</summary>
internal sealed class ReadProductivity(FieldworkDb db, People people)
{
    // Tries are counted over the whole wave: the period shows a part of them.
    private const string Calls = """
        SELECT person_id, case_id, "from", until, outcome, slot, try, by_appointment, rejected FROM (
          SELECT a.id, a.person_id, a.case_id, a."from", a.until, a.outcome, a.slot, a.by_appointment,
            CASE WHEN a.number < 0 THEN 0 ELSE (count(*) FILTER (WHERE a.number >= 0) OVER (PARTITION BY a.case_id ORDER BY a.id))::int END AS try,
            a.outcome = 1 AND EXISTS (SELECT 1 FROM fieldwork.interview i WHERE i.case_id = a.case_id AND i.state = 3 AND i.ended_at BETWEEN a."from" AND a.until + interval '5 seconds') AS rejected
          FROM fieldwork.attempt a WHERE a.wave_id = $1) c
        WHERE until >= $2 AND until < $3 AND person_id <> '00000000-0000-0000-0000-000000000000' ORDER BY id
        """;

    /// <param name="from">First moment, inclusive.</param>
    /// <param name="until">Exclusive.</param>
    public async Task<IReadOnlyList<ProductivityLine>> OfAsync(
        int wave, ProductivityGroup by, DateTimeOffset from, DateTimeOffset until, TimeZoneInfo zone, CancellationToken cancel)
    {
        var calls = await CallsAsync(wave, from, until, cancel);
        var workers = calls.Select(c => c.Person).Distinct().ToList();
        var presences = await db.Presences.AsNoTracking().Where(p => workers.Contains(p.PersonId) && p.Until > from && p.From < until).ToListAsync(cancel);
        var fair = new FairExpectation(calls);
        return by switch
        {
            ProductivityGroup.Interviewer => await ByPersonAsync(calls, presences, from, until, fair, cancel),
            ProductivityGroup.Team => await ByTeamAsync(calls, presences, from, until, fair, cancel),
            ProductivityGroup.Hour => ByTime(calls, presences, from, until, fair, at => TimeZoneInfo.ConvertTime(at, zone).ToString("HH", System.Globalization.CultureInfo.InvariantCulture)),
            ProductivityGroup.Day => ByTime(calls, presences, from, until, fair, at => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
        };
    }

    public async Task<List<WorkedCall>> CallsAsync(int wave, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel)
    {
        var calls = new List<WorkedCall>();
        await db.Database.OpenConnectionAsync(cancel);
        try
        {
            await using var command = db.Command(Calls, wave, from, until);
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
            {
                calls.Add(new WorkedCall(
                    row.GetGuid(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), Outcome.Of(row.GetInt16(4)) ?? Outcome.Lost,
                    row.GetInt16(5), row.GetInt32(6), row.GetBoolean(7), row.GetBoolean(8)));
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }

        return calls;
    }

    private async Task<List<ProductivityLine>> ByPersonAsync(
        List<WorkedCall> calls, List<Presence> presences, DateTimeOffset from, DateTimeOffset until, FairExpectation fair, CancellationToken cancel)
    {
        var (names, times) = (await NamesAsync(calls, cancel), Times(presences, p => p.PersonId, from, until));
        return [.. calls.GroupBy(c => c.Person).Select(g => Line(names[g.Key], g.Key, [.. g], times.GetValueOrDefault(g.Key, TimeAtWork.None), fair)).OrderBy(l => l.Name, StringComparer.CurrentCulture)];
    }

    private async Task<List<ProductivityLine>> ByTeamAsync(
        List<WorkedCall> calls, List<Presence> presences, DateTimeOffset from, DateTimeOffset until, FairExpectation fair, CancellationToken cancel)
    {
        var workers = calls.Select(c => c.Person).Distinct().ToList();
        var teams = await (from i in db.Interviewers where workers.Contains(i.PersonId) join t in db.Teams on i.TeamId equals t.Id select new { i.PersonId, t.Name }).ToDictionaryAsync(i => i.PersonId, i => i.Name, cancel);
        var times = Times(presences, p => teams.GetValueOrDefault(p.PersonId, "–"), from, until);
        return [.. calls.GroupBy(c => teams.GetValueOrDefault(c.Person, "–"), StringComparer.Ordinal)
            .Select(g => Line(g.Key, null, [.. g], times.GetValueOrDefault(g.Key, TimeAtWork.None), fair)).OrderBy(l => l.Name, StringComparer.CurrentCulture)];
    }

    // A stretch of time is dealt out to the hours that it covers; so is a day.
    private static List<ProductivityLine> ByTime(
        List<WorkedCall> calls, List<Presence> presences, DateTimeOffset from, DateTimeOffset until, FairExpectation fair, Func<DateTimeOffset, string> name)
    {
        var times = new Dictionary<string, TimeAtWork>(StringComparer.Ordinal);
        foreach (var presence in presences)
        {
            var at = presence.From > from ? presence.From : from;
            var end = presence.Until < until ? presence.Until : until;
            while (at < end)
            {
                // Zones differ from UTC by whole quarters of an hour.
                var next = new DateTimeOffset((at.UtcTicks / QuarterTicks + 1) * QuarterTicks, TimeSpan.Zero);
                times[name(at)] = times.GetValueOrDefault(name(at), TimeAtWork.None).With(presence, at, next < end ? next : end);
                at = next;
            }
        }

        return [.. calls.GroupBy(c => name(c.From), StringComparer.Ordinal).Select(g => Line(g.Key, null, [.. g], times.GetValueOrDefault(g.Key, TimeAtWork.None), fair)).OrderBy(l => l.Name, StringComparer.Ordinal)];
    }

    private const long QuarterTicks = 15 * TimeSpan.TicksPerMinute;

    internal static ProductivityLine Line(string name, Guid? person, IReadOnlyList<WorkedCall> calls, TimeAtWork time, FairExpectation fair)
    {
        var cases = calls.GroupBy(c => c.Case).Select(g => g.Where(c => !c.Rejected).Aggregate<WorkedCall, Outcome?>(null, (before, call) => call.Outcome.Over(before))).OfType<Outcome>();
        var rates = OutcomeRates.Of(OutcomeCounts.Of(cases.Select(o => (o.Group, 1L))));
        return new ProductivityLine(
            name, person, calls.Count(c => c.Called), calls.Count(c => c.Contact), calls.Count(c => c.Completed), calls.Count(c => c.Refused), calls.Count(c => c.Rejected), time, rates, fair.Of(calls));
    }

    private static Dictionary<TKey, TimeAtWork> Times<TKey>(List<Presence> presences, Func<Presence, TKey> key, DateTimeOffset from, DateTimeOffset until)
        where TKey : notnull =>
        presences.GroupBy(key).ToDictionary(g => g.Key, g => g.Aggregate(TimeAtWork.None, (sum, p) => sum.With(p, from, until)));

    private async Task<Dictionary<Guid, string>> NamesAsync(List<WorkedCall> calls, CancellationToken cancel) =>
        (await new WaveInterviewers(db, people).NamesAsync(calls.Select(c => c.Person), cancel)).ToDictionary(p => p.Id, p => p.Name);

    /// <summary>The moments between which days lie, in a zone.</summary>
    public static (DateTimeOffset From, DateTimeOffset Until) Days(DateOnly from, DateOnly until, TimeZoneInfo zone) =>
        (ReadReviews.Midnight(from, zone), ReadReviews.Midnight(until.AddDays(1), zone));
}
