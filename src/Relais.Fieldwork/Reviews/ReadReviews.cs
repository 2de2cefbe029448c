using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Interviews;

namespace Relais.Fieldwork.Reviews;

internal enum ReviewState
{
    ToReview,
    Accepted,
    Rejected,
}

/// <summary>Which interviews of a wave are listed.</summary>
/// <param name="Day">On which they were completed, in the institute's zone.</param>
/// <param name="Flagged">Only those whose speed raises a question, or that overrode soft checks.</param>
internal sealed record ReviewFilter(ReviewState? State = null, Guid? Person = null, DateOnly? Day = null, bool Flagged = false);

internal sealed record ReviewLine(
    Guid Id, long Case, string Key, Guid Person, DateTimeOffset At, string Language, int Seconds, int Answers, int Confirmed, bool Short, bool Quick, ReviewState State);

/// <param name="Total">Of all that fit the filter.</param>
/// <param name="Median">Seconds of the wave's interviews; null: fewer than <see cref="ReadReviews.FewestForMedian"/>.</param>
internal sealed record ReviewPage(IReadOnlyList<ReviewLine> Lines, int Total, double? Median);

/// <summary>The completed interviews of a wave, as their reviewer sees them.</summary>
internal sealed class ReadReviews(FieldworkDb db)
{
    public const int PageLength = 50;

    public const int FewestForMedian = 10;

    private const string Median = """
        SELECT CASE WHEN count(*) >= $2 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) END FROM fieldwork.interview WHERE wave_id = $1 AND state = 1
        """;

    /// <param name="page">From 1.</param>
    public async Task<ReviewPage> ListAsync(int wave, ReviewFilter filter, TimeZoneInfo zone, int page, CancellationToken cancel)
    {
        var median = await MedianAsync(db, wave, cancel);
        var all = Filtered(wave, filter, zone, median);
        var total = await all.CountAsync(cancel);
        var rows = await (from i in all join r in db.Records on i.CaseId equals r.CaseId orderby i.EndedAt descending, i.Id
                          select new { Interview = i, r.Key }).Skip((Math.Max(1, page) - 1) * PageLength).Take(PageLength).ToListAsync(cancel);
        return new ReviewPage(rows.ConvertAll(r => Line(r.Interview, r.Key, median)), total, median);
    }

    /// <summary>Seconds that the wave's interviews usually take; null: too few to say.</summary>
    public static async Task<double?> MedianAsync(FieldworkDb db, int wave, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel);
        try
        {
            return await db.ScalarAsync<double?>(Median, [wave, FewestForMedian], cancel);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    public static ReviewState StateOf(Interview interview) =>
        interview.State == InterviewState.Rejected ? ReviewState.Rejected : interview.AcceptedAt is null ? ReviewState.ToReview : ReviewState.Accepted;

    private IQueryable<Interview> Filtered(int wave, ReviewFilter filter, TimeZoneInfo zone, double? median)
    {
        var all = db.Interviews.AsNoTracking().Where(i => i.WaveId == wave && (i.State == InterviewState.Completed || i.State == InterviewState.Rejected));
        all = filter.State switch
        {
            ReviewState.ToReview => all.Where(i => i.State == InterviewState.Completed && i.AcceptedAt == null),
            ReviewState.Accepted => all.Where(i => i.State == InterviewState.Completed && i.AcceptedAt != null),
            ReviewState.Rejected => all.Where(i => i.State == InterviewState.Rejected),
            _ => all,
        };
        if (filter.Person is { } person)
            all = all.Where(i => i.PersonId == person);
        if (filter.Day is { } day)
        {
            var (from, until) = (Midnight(day, zone), Midnight(day.AddDays(1), zone));
            all = all.Where(i => i.EndedAt >= from && i.EndedAt < until);
        }

        var half = median / 2 ?? 0;
        return filter.Flagged ? all.Where(i => i.Confirmed > 0 || i.Seconds < half || (i.Answers >= 5 && i.Quick * 3 >= i.Answers)) : all;
    }

    private static ReviewLine Line(Interview interview, string key, double? median)
    {
        var pace = new InterviewPace(interview.Seconds, interview.Answers, interview.Confirmed, interview.Quick);
        return new ReviewLine(
            interview.Id, interview.CaseId, key, interview.PersonId, interview.EndedAt ?? interview.BegunAt, interview.Language, interview.Seconds, interview.Answers, interview.Confirmed,
            pace.IsShort(median), pace.ManyQuick, StateOf(interview));
    }

    internal static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
