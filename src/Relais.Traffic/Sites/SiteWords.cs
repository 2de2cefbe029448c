using Relais.Traffic.Collector;

namespace Relais.Traffic.Sites;

/// <summary>Which counts the pages of sites show.</summary>
internal static class SiteWords
{
    private static readonly BeaconOutcome[] All = Enum.GetValues<BeaconOutcome>();

    // Without a key, nobody knows of which site a beacon is.
    private static readonly BeaconOutcome[] OfNoSite = [BeaconOutcome.NoKey, BeaconOutcome.WrongKey, BeaconOutcome.Unreadable];

    public static IEnumerable<BeaconOutcome> Shown(bool ofOneSite) => ofOneSite ? All.Except(OfNoSite) : All;

    public static long RefusedOf(BeaconCounts counts, int site) =>
        All.Where(o => o is not (BeaconOutcome.Accepted or BeaconOutcome.Robot or BeaconOutcome.OptedOut)).Sum(o => counts.Of(o, site));
}
