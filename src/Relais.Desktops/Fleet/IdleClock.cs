using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Fleet;

/// <summary>Puts desktops that nobody uses to rest. Pure: facts in, what is to become of it out.</summary>
internal static class IdleClock
{
    /// <param name="IdleSince">What the row is to remember.</param>
    /// <param name="Wanted">What it is to become; null to stay as it is.</param>
    public sealed record Reading(DateTimeOffset? IdleSince, Wanted? Wanted);

    /// <param name="inSession">Whether a session is open on it, connected or cut a moment ago.</param>
    public static Reading Read(Desktop desktop, BundleRest rest, bool inSession, DateTimeOffset now)
    {
        var atRest = desktop.Wanted is not (Wanted.Running or Wanted.Frozen) || desktop.State is not (DesktopState.Running or DesktopState.Frozen);
        if (desktop.AlwaysOn || inSession || atRest)
            return new Reading(null, null);
        var since = desktop.IdleSince ?? now;
        var idle = now - since;
        if (rest.StopAfter is { } stop && idle >= stop)
            return new Reading(since, Wanted.Stopped);
        if (rest.FreezeAfter is { } freeze && idle >= freeze && desktop.Wanted == Wanted.Running)
            return new Reading(since, Wanted.Frozen);
        return new Reading(since, null);
    }
}
