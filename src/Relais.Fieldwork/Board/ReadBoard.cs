using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Quotas;

namespace Relais.Fieldwork.Board;

/// <summary>Reads a wave's board. However many people look, it is read once a second: the picture is shared.</summary>
internal sealed class ReadBoard(IServiceScopeFactory scopes, People people, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(45);

    private const string Today = """
        SELECT person_id AS "PersonId", count(*) FILTER (WHERE number >= 0)::int AS "Calls", count(*) FILTER (WHERE outcome = 1)::int AS "Completed",
          count(*) FILTER (WHERE outcome IN (3, 4, 5))::int AS "Refused"
        FROM fieldwork.attempt WHERE until >= {0} AND wave_id = {1} GROUP BY person_id
        """;

    private readonly ConcurrentDictionary<int, Lazy<Task<BoardPicture?>>> _pictures = new();
    private readonly ConcurrentDictionary<Guid, string> _names = new();

    public sealed record PersonToday(Guid PersonId, int Calls, int Completed, int Refused);

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
        var did = await db.Database.SqlQueryRaw<PersonToday>(Today, midnight, waveId).ToDictionaryAsync(p => p.PersonId, cancel);
        var holds = await db.Holds.AsNoTracking().Where(h => h.WaveId == waveId).ToListAsync(cancel);
        var counts = await db.CaseCounts.AsNoTracking().Where(c => c.WaveId == waveId).GroupBy(c => new { c.State, c.Outcome })
            .Select(g => new { g.Key.State, g.Key.Outcome, Number = g.Sum(c => c.Number) }).ToListAsync(cancel);
        var missed = await db.Appointments.CountAsync(a => a.WaveId == waveId && a.State == AppointmentState.Missed && a.At >= midnight, cancel);
        var cells = await CellsAsync(db, waveId, cancel);
        var atWork = await PeopleAsync(holds, did, cancel);
        var states = Enum.GetValues<CaseState>().ToDictionary(s => s.ToString(), s => counts.Where(c => c.State == (short)s).Sum(c => c.Number), StringComparer.Ordinal);
        var rates = OutcomeRates.Of(OutcomeCounts.Of(counts.Select(c => (Outcome.Of(c.Outcome)?.Group ?? OutcomeGroup.UH, c.Number))));
        return new BoardPicture(now, atWork, states, rates, cells, did.Values.Sum(d => d.Completed), target, did.Values.Sum(d => d.Calls), Alerts(atWork, states, cells, missed, now));
    }

    private static async Task<List<CellLine>> CellsAsync(FieldworkDb db, int wave, CancellationToken cancel)
    {
        var rows = await (from c in db.QuotaCells.AsNoTracking() where c.WaveId == wave join q in db.Quotas on c.QuotaId equals q.Id orderby q.Name, c.Id select new { Cell = c, q.Name }).ToListAsync(cancel);
        return rows.ConvertAll(r => new CellLine(
            r.Cell.Id, r.Name, string.Join(" · ", QuotaVariables.Parse(r.Cell.Conditions).Values), r.Cell.Hard, r.Cell.Target, r.Cell.Completed, r.Cell.Reserved, r.Cell.Closed, r.Cell.Shut));
    }

    private async Task<List<PersonAtWork>> PeopleAsync(List<Hold> holds, Dictionary<Guid, PersonToday> did, CancellationToken cancel)
    {
        var all = holds.Select(h => h.PersonId).Concat(did.Keys).Distinct().ToList();
        // Names change rarely; only those not seen yet are asked for.
        var unknown = all.Where(p => !_names.ContainsKey(p)).Select(p => new PersonId(p)).ToList();
        foreach (var (id, card) in await people.FindManyAsync(unknown, cancel))
            _names[id.Value] = card.DisplayName;
        var held = holds.ToDictionary(h => h.PersonId);
        return [.. all.Select(p =>
        {
            var (hold, day) = (held.GetValueOrDefault(p), did.GetValueOrDefault(p));
            return new PersonAtWork(p, _names.GetValueOrDefault(p, "?"), hold?.CaseId, hold?.Stage == HoldStage.Interviewing, hold?.TakenAt, hold?.SeenAt, day?.Calls ?? 0, day?.Completed ?? 0, day?.Refused ?? 0);
        }).OrderBy(p => p.Name, StringComparer.CurrentCulture)];
    }

    private static List<BoardAlert> Alerts(List<PersonAtWork> people, Dictionary<string, long> states, List<CellLine> cells, int missed, DateTimeOffset now)
    {
        var alerts = new List<BoardAlert>();
        alerts.AddRange(people.Where(p => now - p.SeenAt > Silent).Select(p => new BoardAlert("silent", p.Name)));
        alerts.AddRange(people.Where(p => now - p.Since > Long && !(now - p.SeenAt > Silent)).Select(p => new BoardAlert("long", p.Name)));
        if (missed > 0)
            alerts.Add(new BoardAlert("missed", missed.ToString(System.Globalization.CultureInfo.CurrentCulture)));
        if (states[nameof(CaseState.Ready)] == 0 && states.Values.Sum() > 0)
            alerts.Add(new BoardAlert("no-cases", ""));
        alerts.AddRange(cells.Where(c => c.Hard && c.Completed > c.Target).Select(c => new BoardAlert("overshoot", c.Values)));
        return alerts;
    }
}
