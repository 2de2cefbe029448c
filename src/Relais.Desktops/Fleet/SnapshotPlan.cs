using Relais.Desktops.Bundles;

namespace Relais.Desktops.Fleet;

/// <summary>When a home's next snapshot is due by itself, and which are too many. Pure.</summary>
internal static class SnapshotPlan
{
    /// <param name="last">When the last scheduled one was asked for, or when the home was made.</param>
    public static bool IsDue(BundleSnapshots rule, DateTimeOffset last, DateTimeOffset now) => rule.Every is { } every && now - last >= every;

    /// <summary>Those that are to go: of the scheduled ones, all but the latest. What somebody asked for stays.</summary>
    public static IEnumerable<HomeSnapshot> Surplus(BundleSnapshots rule, IEnumerable<HomeSnapshot> snapshots) => rule.Every is null
        ? []
        : snapshots.Where(s => s.Reason == SnapshotReason.Scheduled && !s.Leaving).OrderByDescending(s => s.AskedAt).Skip(rule.Keep);
}
