using Relais.Desktops.Desktops;

namespace Relais.Desktops.Bundles;

/// <summary>Whether a desktop's root is to be made anew for another version of its image. Pure.</summary>
internal static class RollOutRules
{
    private const int MinutesPerDay = 24 * 60;

    /// <summary>Whether it has another version than the one decided on. A root that is yet to be made, or older than versions, is not behind.</summary>
    public static bool IsBehind(BundleRow? bundle, Desktop desktop) =>
        bundle?.Target is { } target && desktop.Image is { } image && image != target && desktop.DeleteAt is null
        && desktop.Wanted is not (Wanted.Deleted or Wanted.Archived);

    /// <summary>Now, without anybody opening it.</summary>
    /// <param name="minute">Minutes after midnight where the institute is.</param>
    public static bool IsDue(BundleRow? bundle, Desktop desktop, bool inSession, int minute) => bundle is not null && IsBehind(bundle, desktop) && bundle.RollOut switch
    {
        RollOut.Now => true,
        RollOut.InWindow => !inSession && IsOpen(bundle.WindowFrom, bundle.WindowTo, minute),
        RollOut.AtOpening => false,
    };

    /// <summary>Now that somebody opens it. Only one that is stopped: a frozen one has windows that its person left open.</summary>
    public static bool IsDueAtOpening(BundleRow? bundle, Desktop desktop) => IsBehind(bundle, desktop) && desktop.State == DesktopState.Stopped;

    /// <summary>Whether a minute lies in a window, which may go over midnight; from and to the same is the whole day.</summary>
    public static bool IsOpen(int from, int to, int minute)
    {
        var length = (to - from + MinutesPerDay) % MinutesPerDay;
        return length == 0 || (minute - from + MinutesPerDay) % MinutesPerDay < length;
    }
}
