using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Calls;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Forecasts;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Teams;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Board;

/// <summary>Reads a wave's board. However many people look, it is read once a second: the picture is shared.</summary>
internal sealed class ReadBoard(IServiceScopeFactory scopes, People people, ReadForecast forecast, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Absent = TimeSpan.FromMinutes(5);

    // Somebody was spoken to: AAPOR's I, P, R, O, and what tells of a person who answered.
    private static readonly short[] Contacts = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 19, 21, 24, 25, 26, 28];
    private static readonly short[] Refusals = [3, 4, 5];

    private const string Today = """
        SELECT person_id AS "PersonId", count(*) FILTER (WHERE number >= 0)::int AS "Calls", count(*) FILTER (WHERE outcome = 1)::int AS "Completed",
          count(*) FILTER (WHERE outcome = ANY ({3}))::int AS "Refused", count(*) FILTER (WHERE outcome = ANY ({2}))::int AS "Contacts",
          count(*) FILTER (WHERE number >= 0 AND (done IS NULL OR until > done))::int AS "CallsSince"
        FROM (SELECT *, max(until) FILTER (WHERE outcome = 1) OVER (PARTITION BY person_id) AS done FROM fieldwork.attempt WHERE until >= {0} AND wave_id = {1}) a GROUP BY person_id
        """;

    private const string Absentees = """
        SELECT i.person_id AS "Value" FROM fieldwork.shift s JOIN fieldwork.interviewer i ON i.person_id = s.person_id AND i.active JOIN fieldwork.team t ON t.id = i.team_id
        WHERE s."from" <= {0} AND s.until > {1} AND {2} = ANY (t.studies) AND NOT EXISTS (SELECT 1 FROM fieldwork.presence p WHERE p.person_id = i.person_id AND p.until >= {0})
        """;

    private readonly ConcurrentDictionary<int, Lazy<Task<BoardPicture?>>> _pictures = new();
    private readonly ConcurrentDictionary<Guid, string> _names = new();

    public sealed record PersonToday(Guid PersonId, int Calls, int Completed, int Refused, int Contacts, int CallsSince);

    /// <returns>Null: there is no such wave.</returns>
    public async Task<BoardPicture?> OfAsync(int wave, CancellationToken cancel)
    {
        if (_pictures.TryGetValue(wave, out var made) && made.Value is { IsCompletedSuccessfully: true } done && (done.Result is null || clock.GetUtcNow() - done.Result.At >= Fresh))
            _pictures.TryRemove(new(wave, made));
        else if (made?.Value is { IsFaulted: true } or { IsCanceled: true })
            _pictures.TryRemove(new(wave, made));
        // Not the asker's token: others wait for the same picture.
        return await _pictures.GetOrAdd(wave, id => new(() => ReadAsync(id, CancellationToken.None))).Value.WaitAsync(cancel);
    }

    private async Task<BoardPicture?> ReadAsync(int waveId, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
        var now = clock.GetUtcNow();
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == waveId, cancel) is not { } wave)
            return null;
        var zone = Rules.CallCalendar.Zone(wave.Zones.FirstOrDefault() ?? "Europe/Paris") ?? TimeZoneInfo.Utc;
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var midnight = new DateTimeOffset(local.Date, zone.GetUtcOffset(local.Date)).ToUniversalTime();
        var today = DateOnly.FromDateTime(local.DateTime);
        var target = await db.WaveDays.AsNoTracking().Where(d => d.WaveId == waveId && d.Day == today).Select(d => (int?)d.Target).SingleOrDefaultAsync(cancel);
        var did = await DidAsync(db, waveId, midnight, cancel);
        // What Relais calls by itself is in nobody's hands yet.
        var holds = await db.Holds.AsNoTracking().Where(h => h.WaveId == waveId && !db.DialledCalls.Any(d => d.Id == h.PersonId)).ToListAsync(cancel);
        var counts = await db.CaseCounts.AsNoTracking().Where(c => c.WaveId == waveId).GroupBy(c => new { c.State, c.Outcome })
            .Select(g => new { g.Key.State, g.Key.Outcome, Number = g.Sum(c => c.Number) }).ToListAsync(cancel);
        var missed = await db.Appointments.CountAsync(a => a.WaveId == waveId && a.State == AppointmentState.Missed && a.At >= midnight, cancel);
        var cells = (await forecast.CellsAsync(db, wave, cancel)).ConvertAll(c => c.Line);
        var seen = now - SignOfConsole.Gap;
        var open = await (from p in db.Presences where p.Until >= seen join i in db.Interviewers on p.PersonId equals i.PersonId join t in db.Teams on i.TeamId equals t.Id
                          where t.Studies.Contains(wave.StudyId) orderby p.Until select new { p.PersonId, p.Doing }).ToListAsync(cancel);
        var doing = open.GroupBy(p => p.PersonId).ToDictionary(g => g.Key, g => g.Last().Doing);
        var absent = await db.Database.SqlQueryRaw<Guid>(Absentees, now - Absent, now, wave.StudyId).ToListAsync(cancel);
        await NamedAsync(holds.Select(h => h.PersonId).Concat(did.Keys).Concat(doing.Keys).Concat(absent), cancel);
        var board = scope.ServiceProvider.GetRequiredService<Switchboard>();
        var calls = (await board.LiveAsync(CaseSubject.Prefix, cancel)).Where(c => c.Stage == CallStage.Answered).ToDictionary(c => c.Person, c => c.Id);
        var bad = await board.BadVoicesAsync(CaseSubject.Prefix, cancel);
        var atWork = AtWork(holds, did, doing, calls);
        var states = Enum.GetValues<CaseState>().ToDictionary(s => s.ToString(), s => counts.Where(c => c.State == (short)s).Sum(c => c.Number), StringComparer.Ordinal);
        var rates = OutcomeRates.Of(OutcomeCounts.Of(counts.Select(c => (Outcome.Of(c.Outcome)?.Group ?? OutcomeGroup.UH, c.Number))));
        var (outlook, completed) = (await forecast.OfAsync(waveId, cancel), did.Values.Sum(d => d.Completed));
        return new BoardPicture(
            now, atWork, states, rates, cells, completed, target, did.Values.Sum(d => d.Calls),
            [.. FindAlerts.Of(atWork, states, cells, outlook, [.. absent.Distinct().Select(Name)], missed, now), .. FindAlerts.LateToday(completed, target, outlook), .. FindAlerts.Voices(atWork, bad)],
            outlook?.Cells.Where(c => c.DayTarget is not null).ToDictionary(c => c.Cell.Id, c => (c.DoneToday, c.DayTarget ?? 0)) ?? []);
    }

    // An interview that was rejected since is none of today's.
    private static async Task<Dictionary<Guid, PersonToday>> DidAsync(FieldworkDb db, int wave, DateTimeOffset midnight, CancellationToken cancel)
    {
        var did = await db.Database.SqlQueryRaw<PersonToday>(Today, midnight, wave, Contacts, Refusals).ToDictionaryAsync(p => p.PersonId, cancel);
        var rejected = await db.Interviews.AsNoTracking().Where(i => i.WaveId == wave && i.State == InterviewState.Rejected && i.EndedAt >= midnight)
            .GroupBy(i => i.PersonId).Select(g => new { Person = g.Key, Number = g.Count() }).ToListAsync(cancel);
        foreach (var person in rejected)
        {
            if (did.TryGetValue(person.Person, out var day))
                did[person.Person] = day with { Completed = Math.Max(0, day.Completed - person.Number) };
        }

        return did;
    }

    // Names change rarely; only those not seen yet are asked for.
    private async Task NamedAsync(IEnumerable<Guid> all, CancellationToken cancel)
    {
        var unknown = all.Where(p => !_names.ContainsKey(p)).Distinct().Select(p => new PersonId(p)).ToList();
        foreach (var (id, card) in await people.FindManyAsync(unknown, cancel))
            _names[id.Value] = card.DisplayName;
    }

    private string Name(Guid person) => _names.GetValueOrDefault(person, "?");

    private List<PersonAtWork> AtWork(List<Hold> holds, Dictionary<Guid, PersonToday> did, Dictionary<Guid, Doing> doing, Dictionary<Guid, Guid> calls)
    {
        var held = holds.ToDictionary(h => h.PersonId);
        return [.. held.Keys.Concat(did.Keys.Where(p => p != Attempt.Nobody)).Concat(doing.Keys).Distinct().Select(p =>
        {
            var (hold, day) = (held.GetValueOrDefault(p), did.GetValueOrDefault(p));
            return new PersonAtWork(
                p, Name(p), hold?.CaseId, hold?.Stage == HoldStage.Interviewing, hold?.TakenAt, hold?.SeenAt, day?.Calls ?? 0, day?.Completed ?? 0, day?.Refused ?? 0, day?.Contacts ?? 0, day?.CallsSince ?? 0,
                doing.TryGetValue(p, out var does) ? does : null, calls.TryGetValue(p, out var call) ? call : null);
        }).OrderBy(p => p.Name, StringComparer.CurrentCulture)];
    }
}
