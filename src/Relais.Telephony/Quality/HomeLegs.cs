using System.Collections.Concurrent;

namespace Relais.Telephony.Quality;

/// <summary>What interviewers' browsers last told of their own legs: whoever hears it puts it here, and whoever measures calls reads it.</summary>
internal sealed class HomeLegs(TimeProvider clock)
{
    // A browser that has said nothing for this long is not there.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, Told Told)> _legs = new();

    /// <param name="LossPercent">The worse of the two directions.</param>
    /// <param name="StarvedPercent">Share of the time in which the computer recorded or played nothing because it was busy.</param>
    /// <param name="Route">"udp", "tcp" or "relay"; empty where the browser does not say.</param>
    internal sealed record Told(double LossPercent, double JitterMs, double? RoundTripMs, double StarvedPercent, string Route = "");

    public void Take(Guid person, Told told) => _legs[person] = (clock.GetUtcNow(), told);

    /// <summary>Null where nothing was heard of it lately.</summary>
    public Told? Of(Guid person)
    {
        if (!_legs.TryGetValue(person, out var last))
            return null;
        if (clock.GetUtcNow() - last.At <= Fresh)
            return last.Told;
        _legs.TryRemove(person, out _);
        return null;
    }
}
