using Microsoft.EntityFrameworkCore;

namespace Relais.Telephony.Pacing.Simulation;

/// <summary>What the institute's own calls of the last weeks say about a study to come.</summary>
/// <param name="AnswerRate">Answered of placed.</param>
/// <param name="Rings">Seconds from the wish to the answer, on average.</param>
internal sealed record MeasuredCalls(int Placed, double AnswerRate, double Rings)
{
    public const int Days = 28;

    // Fewer say too little.
    private const int Fewest = 200;

    /// <summary>Null where there were too few calls.</summary>
    public static async Task<MeasuredCalls?> ReadAsync(TelephonyDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now.AddDays(-Days);
        var calls = db.Calls.AsNoTracking().Where(c => c.AskedAt >= since && c.EndedAt != null);
        var placed = await calls.CountAsync(cancel);
        if (placed < Fewest)
            return null;
        var answered = await calls.Where(c => c.AnsweredAt != null).Select(c => new { c.AskedAt, AnsweredAt = c.AnsweredAt ?? c.AskedAt }).ToListAsync(cancel);
        return new MeasuredCalls(placed, (double)answered.Count / placed, answered.Count == 0 ? 0 : answered.Average(c => (c.AnsweredAt - c.AskedAt).TotalSeconds));
    }
}
