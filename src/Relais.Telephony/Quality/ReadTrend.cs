using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Portal.Kit;

namespace Relais.Telephony.Quality;

/// <summary>How calls have sounded on the last days: by interviewer, by operator's line, by day.</summary>
internal sealed class ReadTrend(TelephonyDb db, People people, IOptions<PlaceOptions> place, TimeProvider clock)
{
    public const int Days = 14;

    private const string Sql =
        """
        SELECT c.person_id AS "Person", c.trunk_name AS "Trunk", (c.answered_at AT TIME ZONE {1})::date AS "Day", count(*)::int AS "Calls",
          coalesce(sum(l.score_sum), 0) AS "ScoreSum", coalesce(sum(l.measures), 0)::bigint AS "Measures", coalesce(sum(h.score_sum), 0) AS "HomeScoreSum", coalesce(sum(h.measures), 0)::bigint AS "HomeMeasures",
          coalesce(sum(c.received), 0)::bigint AS "Received", coalesce(sum(c.lost), 0)::bigint AS "Lost", (coalesce(sum(l.alerts), 0) + coalesce(sum(h.alerts), 0))::int AS "Alerts",
          count(*) FILTER (WHERE c.unheard IS NOT NULL)::int AS "Unheard"
        FROM telephony.call c
        LEFT JOIN telephony.call_leg l ON l.call_id = c.id AND l.leg = 'Trunk'
        LEFT JOIN telephony.call_leg h ON h.call_id = c.id AND h.leg = 'Home'
        WHERE c.answered_at >= {0} AND c.state = 'Ended' GROUP BY 1, 2, 3
        """;

    internal sealed record Cell(
        Guid Person, string Trunk, DateOnly Day, int Calls, double ScoreSum, long Measures, double HomeScoreSum, long HomeMeasures, long Received, long Lost, int Alerts, int Unheard);

    /// <param name="Score">Of the operator's leg; null where nothing was measured.</param>
    /// <param name="HomeScore">Of the interviewer's leg.</param>
    /// <param name="ByDay">Of the operator's leg or, for an interviewer, of the worse of both: a value for each of <see cref="Trend.DayList"/>, null for a day without.</param>
    internal sealed record Row(string Name, Guid? Person, int Calls, double? Score, double? HomeScore, double LossPercent, int Alerts, int Unheard, IReadOnlyList<double?> ByDay);

    internal sealed record Trend(IReadOnlyList<DateOnly> DayList, IReadOnlyList<Row> Trunks, IReadOnlyList<Row> Interviewers);

    public async Task<Trend> HandleAsync(CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(place.Value.Local(clock.GetUtcNow()).Date);
        var days = Enumerable.Range(1 - Days, Days).Select(today.AddDays).ToList();
        var cells = await db.Database.SqlQueryRaw<Cell>(Sql, clock.GetUtcNow().AddDays(-Days), place.Value.TimeZone).ToListAsync(cancel);
        var names = await people.FindManyAsync([.. cells.Select(c => new PersonId(c.Person)).Distinct()], cancel);
        return new Trend(
            days,
            [.. cells.GroupBy(c => c.Trunk, StringComparer.Ordinal).Select(g => Of(g.Key, null, [.. g], days)).OrderBy(r => r.Score ?? 5).ThenBy(r => r.Name, StringComparer.CurrentCulture)],
            [
                .. cells.GroupBy(c => c.Person).Select(g => Of(names.GetValueOrDefault(new PersonId(g.Key))?.DisplayName ?? "?", g.Key, [.. g], days))
                    .OrderBy(r => r.HomeScore ?? r.Score ?? 5).ThenBy(r => r.Name, StringComparer.CurrentCulture),
            ]);
    }

    private static Row Of(string name, Guid? person, IReadOnlyList<Cell> cells, List<DateOnly> days)
    {
        var (received, lost) = (cells.Sum(c => c.Received), cells.Sum(c => c.Lost));
        return new Row(
            name, person, cells.Sum(c => c.Calls), Score(cells), HomeScore(cells), received + lost == 0 ? 0 : 100.0 * lost / (received + lost), cells.Sum(c => c.Alerts), cells.Sum(c => c.Unheard),
            days.ConvertAll(day => Worse([.. cells.Where(c => c.Day == day)], person is not null)));
    }

    private static double? Worse(IReadOnlyList<Cell> cells, bool home)
    {
        var (trunk, own) = (Score(cells), home ? HomeScore(cells) : null);
        return trunk is { } one && own is { } other ? Math.Min(one, other) : own ?? trunk;
    }

    private static double? Score(IReadOnlyList<Cell> cells) => cells.Sum(c => c.Measures) is var count and > 0 ? cells.Sum(c => c.ScoreSum) / count : null;

    private static double? HomeScore(IReadOnlyList<Cell> cells) => cells.Sum(c => c.HomeMeasures) is var count and > 0 ? cells.Sum(c => c.HomeScoreSum) / count : null;
}
