namespace Relais.Desktops.Transfer;

/// <summary>Which files may be carried between a desktop and the person's device.</summary>
/// <param name="Direction">"none", "in", "out" or "both".</param>
/// <param name="LargestMiB">The largest file.</param>
/// <param name="Types">Extensions that are allowed, in lower case and without the dot.</param>
internal sealed record BundleTransfer(string Direction, int LargestMiB, IReadOnlyList<string> Types)
{
    public const int UsualMiB = 100;
    public const int MostMiB = 4096;

    public static BundleTransfer None { get; } = new("none", UsualMiB, FileTypes.Usual);

    /// <summary>From the person's device into the desktop.</summary>
    public bool In => Direction is "in" or "both";

    /// <summary>From the desktop to the person's device.</summary>
    public bool Out => Direction is "out" or "both";

    public long LargestBytes => LargestMiB * 1024L * 1024;
}
