using Relais.Telephony.Pacing;

namespace Relais.Telephony.Contracts;

/// <summary>Answered calls of a campaign that were decided in a minute, and those of them that were abandoned.</summary>
/// <param name="Minute">Since 1970.</param>
public sealed record LedgerMinute(long Minute, int Answered, int Abandoned);

/// <summary>A campaign's day and limit.</summary>
/// <param name="Limit">The share of answered calls that may be abandoned, such as 0.03.</param>
/// <param name="Minute">The minute that is running, since 1970.</param>
/// <param name="Midnight">The minute at which the campaign's day began.</param>
/// <param name="NextMidnight">The minute at which its next day begins.</param>
public sealed record AbandonmentLimit(double Limit, long Minute, long Midnight, long NextMidnight);

/// <summary>How a campaign stands beside its limit.</summary>
/// <param name="Answered">Of the last 24 h; those that will be older before a call placed now is decided are left out.</param>
/// <param name="Abandoned">Of the last 24 h.</param>
/// <param name="Allowance">How many further calls may be abandoned, whatever happens to all others.</param>
public sealed record AbandonmentNow(int Answered, int Abandoned, int AnsweredToday, int AbandonedToday, int Allowance)
{
    /// <summary>The higher of the shares of the last 24 h and of the day.</summary>
    public double Share => Math.Max(Of(Abandoned, Answered), Of(AbandonedToday, AnsweredToday));

    private static double Of(int abandoned, int answered) => answered == 0 ? abandoned == 0 ? 0 : 1 : (double)abandoned / answered;
}

/// <summary>What a node sees of its part of a campaign. Moments are seconds of a clock that only goes forward.</summary>
/// <param name="Ready">Interviewers of this node who wait for a call, and stay until they get one.</param>
/// <param name="Ringing">Since when each call of this node has been under way that is not answered yet.</param>
/// <param name="Held">Calls that were answered and wait for an interviewer.</param>
/// <param name="Talking">Since when each conversation has lasted.</param>
/// <param name="Noting">Since when each interviewer who notes their last call has done so.</param>
/// <param name="Elsewhere">Calls of other nodes beyond the interviewers who are ready there: they may be abandoned as well.</param>
public sealed record PaceSight(double Now, int Ready, IReadOnlyList<double> Ringing, int Held, IReadOnlyList<double> Talking, IReadOnlyList<double> Noting, int Elsewhere);

/// <summary>
/// Decides how many calls a campaign places now, by the very code that the simulation of studies runs: progressive, or predictive behind the guard of the limit. What
/// it learns is lost with the process; what the limit needs is the ledger, which the caller keeps.
/// </summary>
public sealed class CampaignPace
{
    private readonly GuardedPacing _ahead = new(new Predictive());
    private readonly Progressive _one = new();

    /// <summary>How long an answered callee waits for an interviewer at most.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(Predictive.Grace);

    public void Answered(TimeSpan rang) => _ahead.Learn(new PacingNews.Answered(rang.TotalSeconds));

    public void Unanswered(TimeSpan rang) => _ahead.Learn(new PacingNews.Unanswered(rang.TotalSeconds));

    public void Talked(TimeSpan length) => _ahead.Learn(new PacingNews.Talked(length.TotalSeconds));

    public void Noted(TimeSpan length) => _ahead.Learn(new PacingNews.Noted(length.TotalSeconds));

    public static AbandonmentNow Count(IEnumerable<LedgerMinute> minutes, AbandonmentLimit limit)
    {
        var counted = Standing(minutes, limit);
        return new AbandonmentNow(counted.Answered, counted.Abandoned, counted.AnsweredToday, counted.AbandonedToday, counted.Allowance);
    }

    /// <summary>How many calls to place now, besides those that are under way.</summary>
    /// <param name="ahead">Whether calls may be placed ahead of interviewers, within the limit; else one for each who is ready.</param>
    public int Place(bool ahead, PaceSight sight, IEnumerable<LedgerMinute> minutes, AbandonmentLimit limit)
    {
        var counted = Standing(minutes, limit);
        var view = new PacingView { Now = sight.Now, Ready = sight.Ready, Held = sight.Held, Counted = counted with { Allowance = Math.Max(0, counted.Allowance - sight.Elsewhere) } };
        view.Ringing.AddRange(sight.Ringing);
        view.Talking.AddRange(sight.Talking);
        view.Noting.AddRange(sight.Noting);
        return ahead ? _ahead.Place(view) : _one.Place(view);
    }

    private static AbandonmentLedger.Standing Standing(IEnumerable<LedgerMinute> minutes, AbandonmentLimit limit)
    {
        var ledger = new AbandonmentLedger(limit.Limit);
        foreach (var minute in minutes)
            ledger.Add(minute.Minute, minute.Answered, minute.Abandoned);
        return ledger.At(limit.Minute, limit.Midnight, limit.NextMidnight);
    }
}
