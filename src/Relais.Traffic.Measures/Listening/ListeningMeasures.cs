using System.Runtime.InteropServices;

namespace Relais.Traffic.Measures.Listening;

/// <summary>
/// What streaming is traded on, of one station over a period. A session is a player's connections with less than three minutes between them, and lasts as
/// long as it was connected: connections at the same time count once.
/// </summary>
/// <param name="ActiveSessions">Sessions of 60 s or more: the "active sessions" of Triton.</param>
/// <param name="Hours">Total listening hours of these (TLH).</param>
/// <param name="Listeners">Different players with such a session (CUME). Not to be added over stations or days.</param>
/// <param name="AverageSessions">How many listened on average: hours over the hours of the period (AAS).</param>
/// <param name="HoursPerListener">Time spent listening (TSL): hours over listeners; NaN without listeners.</param>
/// <param name="ActiveListens">Sessions of more than 30 s: the "écoutes actives" of ACPM.</param>
/// <param name="ActiveListenHours">Hours of these.</param>
/// <param name="ActiveListenSeconds">Their mean length in seconds; NaN when there are none.</param>
/// <param name="Visits">A player's connections with less than 30 minutes between them, of whatever length.</param>
/// <param name="Peak">The most connections at once; each counts, also two of one player.</param>
/// <param name="PeakAt">The first second when there were that many, since 1970; 0 without connections.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ListeningMeasures(
    int ActiveSessions, double Hours, int Listeners, double AverageSessions, double HoursPerListener, int ActiveListens, double ActiveListenHours,
    double ActiveListenSeconds, int Visits, int Peak, long PeakAt)
{
    private const long PauseSeconds = 180;
    private const long VisitSeconds = 30 * 60;
    private const long SessionSeconds = 60;
    private const long ActiveSeconds = 30;
    private const double SecondsPerHour = 3600;

    /// <param name="connections">Of one station, in any order.</param>
    /// <param name="hours">Length of the period, above zero.</param>
    public static ListeningMeasures Of(ReadOnlySpan<Connection> connections, double hours)
    {
        var sorted = connections.ToArray();
        Array.Sort(sorted, static (a, b) => (a.Listener, a.Start, a.End).CompareTo((b.Listener, b.Start, b.End)));
        var (sessions, seconds, listeners, last) = (0, 0L, 0, -1);
        var (listens, listenSeconds) = (0, 0L);
        foreach (var (listener, connected) in Runs(sorted, PauseSeconds))
        {
            if (connected > ActiveSeconds)
                (listens, listenSeconds) = (listens + 1, listenSeconds + connected);
            if (connected < SessionSeconds)
                continue;
            (sessions, seconds) = (sessions + 1, seconds + connected);
            if (sessions == 1 || listener != last)
                (listeners, last) = (listeners + 1, listener);
        }

        var (peak, peakAt) = PeakOf(sorted);
        var total = seconds / SecondsPerHour;
        return new(sessions, total, listeners, total / hours, listeners == 0 ? double.NaN : total / listeners, listens, listenSeconds / SecondsPerHour,
            listens == 0 ? double.NaN : listenSeconds / (double)listens, Runs(sorted, VisitSeconds).Count(), peak, peakAt);
    }

    // A player's connections with less than a pause between them, and how long it was connected in all.
    private static IEnumerable<(int Listener, long Seconds)> Runs(Connection[] sorted, long pause)
    {
        for (var i = 0; i < sorted.Length;)
        {
            var (listener, until, connected) = (sorted[i].Listener, sorted[i].End, sorted[i].End - sorted[i].Start);
            for (i++; i < sorted.Length && sorted[i].Listener == listener && sorted[i].Start - until < pause; i++)
            {
                connected += Math.Max(0, sorted[i].End - Math.Max(sorted[i].Start, until));
                until = Math.Max(until, sorted[i].End);
            }

            yield return (listener, connected);
        }
    }

    private static (int Peak, long At) PeakOf(Connection[] connections)
    {
        var (starts, ends) = (Array.ConvertAll(connections, c => c.Start), Array.ConvertAll(connections, c => c.End));
        Array.Sort(starts);
        Array.Sort(ends);
        var (peak, at, ended) = (0, 0L, 0);
        for (var begun = 0; begun < starts.Length; begun++)
        {
            // Who leaves in the second in which another comes is not there with it.
            while (ends[ended] <= starts[begun] && ended < begun)
                ended++;
            if (begun + 1 - ended > peak)
                (peak, at) = (begun + 1 - ended, starts[begun]);
        }

        return (peak, at);
    }
}
