using System.Runtime.InteropServices;

namespace Relais.Telephony.Pacing;

/// <summary>
/// Counts a campaign's answered and abandoned calls by minute, and says how many more may be abandoned. An abandoned call is one that was answered and found no
/// interviewer; it counts among the answered ones too. The limit is kept twice: over the last 24 h, and over the day since midnight.
/// </summary>
/// <param name="limit">The share that may be abandoned, such as 0.03.</param>
internal sealed class AbandonmentLedger(double limit)
{
    /// <summary>No call that is placed now is decided later than this: ringing and waiting for an interviewer.</summary>
    public const int HorizonMinutes = 3;

    private const int DayMinutes = 24 * 60;

    private readonly Dictionary<long, (int Answered, int Abandoned)> _minutes = [];
    private Standing _standing;
    private (long Minute, long Midnight) _at = (long.MinValue, 0);

    /// <summary>The counts that a decision goes by.</summary>
    /// <param name="Answered">Of the last 24 h; those that will be older before a call placed now is decided are left out.</param>
    /// <param name="Abandoned">Of the last 24 h.</param>
    /// <param name="Allowance">How many further calls may be abandoned, whatever happens to all others.</param>
    /// <param name="Credit">How far the abandoned are below the limit, in calls; negative above it.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Standing(int Answered, int Abandoned, int AnsweredToday, int AbandonedToday, int Allowance, double Credit);

    /// <summary>Adds calls that were answered in a minute, as they happen or as they were stored.</summary>
    public void Add(long minute, int answered, int abandoned)
    {
        var (a, b) = _minutes.GetValueOrDefault(minute);
        _minutes[minute] = (a + answered, b + abandoned);
        _at.Minute = long.MinValue;
    }

    /// <summary>Where the campaign stands.</summary>
    /// <param name="minute">The minute that is running, since any epoch.</param>
    /// <param name="midnight">The minute at which the campaign's day began.</param>
    /// <param name="nextMidnight">The minute at which its next day begins.</param>
    public Standing At(long minute, long midnight, long nextMidnight)
    {
        if (_at == (minute, midnight))
            return _standing;
        var (answered, abandoned, answeredToday, abandonedToday) = (0, 0, 0, 0);
        foreach (var (at, counts) in _minutes)
        {
            // Each side is rounded against us: an answered call counts as long as it surely will, an abandoned one as long as it might.
            if (at > minute + HorizonMinutes - DayMinutes)
                answered += counts.Answered;
            if (at >= minute - DayMinutes)
                abandoned += counts.Abandoned;
            if (at >= midnight)
                (answeredToday, abandonedToday) = (answeredToday + counts.Answered, abandonedToday + counts.Abandoned);
        }

        // A call placed now might be answered when the counts of the new day are still empty.
        var allowance = minute + HorizonMinutes >= nextMidnight ? 0 : Math.Min(Bearable(answered, abandoned), Bearable(answeredToday, abandonedToday));
        var credit = Math.Min((limit * answered) - abandoned, (limit * answeredToday) - abandonedToday);
        _standing = new Standing(answered, abandoned, answeredToday, abandonedToday, allowance, credit);
        _at = (minute, midnight);
        return _standing;
    }

    /// <summary>Forgets what no decision can need any more.</summary>
    public void ForgetBefore(long minute)
    {
        foreach (var old in _minutes.Keys.Where(m => m < minute).ToList())
            _minutes.Remove(old);
        _at.Minute = long.MinValue;
    }

    // The most m with abandoned + m <= limit x (answered + m): each call that is abandoned was answered first.
    private int Bearable(int answered, int abandoned) => Math.Max(0, (int)Math.Floor((((limit * answered) - abandoned) / (1 - limit)) + 1e-9));
}
