using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Forecasts;

/// <param name="DayTarget">Of today; null: none was set.</param>
/// <param name="CasesLeft">That may still be called; null: the sample does not know which are of this cell.</param>
internal sealed record CellOutlook(CellLine Cell, int? DayTarget, int DoneToday, long? CasesLeft, CellForecast? Forecast);

/// <param name="HoursLeft">Opening hours until the end of the wave's last day.</param>
/// <param name="HoursToday">Opening hours of today so far.</param>
/// <param name="HoursLeftToday">Opening hours of today still to come.</param>
internal sealed record WaveOutlook(DateTimeOffset At, double HoursLeft, double HoursToday, double HoursLeftToday, IReadOnlyList<CellOutlook> Cells)
{
    /// <summary>How a target of today will end.</summary>
    public CellForecast? Today(int done, int target) => CellForecast.Of(new CellProgress(target, done, done, HoursToday, HoursLeftToday, null, 0, 0));
}

/// <summary>How the cells of a wave will end at their current pace. Counting cases costs: the outlook is kept for half a minute, for all who look.</summary>
internal sealed class ReadForecast(IServiceScopeFactory scopes, CellWords words, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Recently = TimeSpan.FromDays(7);

    private const string Cases = """
        SELECT s.known AS "Known", count(*) FILTER (WHERE c.state IN (1, 2, 3)) AS "Left", count(*) FILTER (WHERE c.state IN (4, 5)) AS "Worked", count(*) FILTER (WHERE c.outcome = 1) AS "Completed"
        FROM fieldwork.cases c JOIN fieldwork.pool p ON p.id = c.pool_id JOIN fieldwork.stratum s ON s.id = p.stratum_id WHERE c.wave_id = {0} GROUP BY s.id, s.known
        """;

    private const string Slots = """
        SELECT s.cell_id AS "Cell", count(*) FILTER (WHERE s.at >= {1})::int AS "Recent", count(*) FILTER (WHERE s.at >= {2})::int AS "Today"
        FROM fieldwork.committed_slot s JOIN fieldwork.quota_cell c ON c.id = s.cell_id WHERE c.wave_id = {0} AND s.at >= least({1}, {2}) GROUP BY s.cell_id
        """;

    private readonly ConcurrentDictionary<int, WaveOutlook> _outlooks = new();

    public sealed record StratumCases(string Known, long Left, long Worked, long Completed);

    public sealed record CellSlots(int Cell, int Recent, int Today);

    /// <returns>Null: there is no such wave.</returns>
    public async Task<WaveOutlook?> OfAsync(int wave, CancellationToken cancel)
    {
        if (_outlooks.TryGetValue(wave, out var known) && clock.GetUtcNow() - known.At < Kept)
            return known;
        return await ReadAsync(wave, cancel) is { } fresh ? _outlooks[wave] = fresh : null;
    }

    private async Task<WaveOutlook?> ReadAsync(int id, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
        var now = clock.GetUtcNow();
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } wave)
            return null;
        var calendar = WaveRules.Calendar(wave.Rules, wave.Zones.FirstOrDefault() ?? "Europe/Paris");
        var today = DateOnly.FromDateTime(calendar.LocalAt(now));
        var (midnight, end) = (calendar.Instant(today.ToDateTime(TimeOnly.MinValue)), calendar.Instant(wave.Until.AddDays(1).ToDateTime(TimeOnly.MinValue)));
        var hoursLeft = end > now ? calendar.OpenTime(now, end).TotalHours : 0;
        var since = now - Recently;
        var begun = await db.Attempts.AsNoTracking().Where(a => a.Until >= since && a.WaveId == id).MinAsync(a => (DateTimeOffset?)a.From, cancel);
        since = begun > since ? begun.Value : since;
        var recentHours = begun is null ? 0 : calendar.OpenTime(since, now).TotalHours;
        var slots = await db.Database.SqlQueryRaw<CellSlots>(Slots, id, since, midnight).ToDictionaryAsync(s => s.Cell, cancel);
        var strata = (await db.Database.SqlQueryRaw<StratumCases>(Cases, id).ToListAsync(cancel)).ConvertAll(s => (Known: QuotaVariables.Parse(s.Known), s.Left, s.Worked, s.Completed));
        var targets = await (from d in db.CellDays.AsNoTracking() join c in db.QuotaCells on d.CellId equals c.Id where c.WaveId == id && d.Day == today select d).ToDictionaryAsync(d => d.CellId, d => d.Target, cancel);
        var cells = await CellsAsync(db, wave, cancel);
        var midnightAfter = calendar.Instant(today.AddDays(1).ToDateTime(TimeOnly.MinValue));
        return new WaveOutlook(now, hoursLeft, calendar.OpenTime(midnight, now).TotalHours, calendar.OpenTime(now, midnightAfter).TotalHours, [.. cells.Select(c =>
        {
            var conditions = QuotaVariables.Parse(c.Conditions);
            // What the sample does not know of every case can't say how many are of a cell.
            var known = strata.Count > 0 && strata.TrueForAll(s => conditions.Keys.All(s.Known.ContainsKey));
            var mine = known ? strata.FindAll(s => conditions.All(v => s.Known[v.Key] == v.Value)) : strata;
            var done = slots.GetValueOrDefault(c.Line.Id);
            long? left = known ? mine.Sum(s => s.Left) : null;
            var progress = new CellProgress(c.Line.Target, c.Line.Completed, done?.Recent ?? 0, recentHours, hoursLeft, left, mine.Sum(s => s.Worked), mine.Sum(s => s.Completed));
            return new CellOutlook(c.Line, targets.TryGetValue(c.Line.Id, out var target) ? target : null, done?.Today ?? 0, left, wave.State == WaveState.Closed || c.Line.Closed ? null : CellForecast.Of(progress));
        })]);
    }

    internal async Task<List<(CellLine Line, string Conditions)>> CellsAsync(FieldworkDb db, Wave wave, CancellationToken cancel)
    {
        var say = await words.OfAsync(db, wave.QuestionnaireId, cancel);
        var rows = await (from c in db.QuotaCells.AsNoTracking() where c.WaveId == wave.Id join q in db.Quotas on c.QuotaId equals q.Id orderby q.Name, c.Id select new { Cell = c, q.Name }).ToListAsync(cancel);
        return rows.ConvertAll(r => (new CellLine(
            r.Cell.Id, r.Name, say(r.Cell.Conditions), r.Cell.Hard, r.Cell.Target, r.Cell.Completed, r.Cell.Reserved, r.Cell.Closed, r.Cell.Shut), r.Cell.Conditions));
    }
}
