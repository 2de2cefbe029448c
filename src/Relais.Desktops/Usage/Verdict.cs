namespace Relais.Desktops.Usage;

/// <summary>What a desktop's figures say of its size.</summary>
public enum Verdict
{
    Fits,

    /// <summary>Nobody opened it for as many days as are set, whether it runs or is stopped.</summary>
    Unused,
    TooLarge,

    /// <summary>It came near its limit, or programs in it were killed for lack of memory.</summary>
    TooSmall,

    /// <summary>Less than a day of it was seen running.</summary>
    TooLittleSeen,

    /// <summary>Only its home is kept.</summary>
    Archived,

    /// <summary>It was there in the period and is no more.</summary>
    Gone,
}

/// <summary>Judges sizes by plain limits. Pure.</summary>
internal static class Verdicts
{
    public const double LargeBelow = 0.4;
    public const double SmallFrom = 0.95;
    private const int LeastHours = 24;
    private const int StepMiB = 256;
    private const int LeastMiB = 512;

    /// <param name="used">Whether somebody had it open in the days that count.</param>
    /// <param name="settled">Whether it has been there for so many days.</param>
    /// <param name="p95MiB">Of its hours, each with its most.</param>
    /// <param name="kills">Programs killed for lack of memory, at this size.</param>
    public static Verdict Of(double hoursThere, bool used, bool settled, long p95MiB, long limitMiB, int kills) =>
        settled && !used ? Verdict.Unused
        : kills > 0 && limitMiB > 0 ? Verdict.TooSmall
        : hoursThere < LeastHours || limitMiB <= 0 ? Verdict.TooLittleSeen
        : p95MiB >= SmallFrom * limitMiB ? Verdict.TooSmall
        : p95MiB < LargeBelow * limitMiB ? Verdict.TooLarge
        : Verdict.Fits;

    /// <summary>The memory that would fit: what was needed and half of it again; null when it fits or nothing can be said.</summary>
    public static long? SuggestMiB(Verdict verdict, long p95MiB, long limitMiB)
    {
        var fitting = Math.Max(LeastMiB, Stepped(p95MiB * 3 / 2));
        return verdict switch
        {
            Verdict.TooLarge when fitting < limitMiB => fitting,
            Verdict.TooSmall => Math.Max(fitting, Stepped(limitMiB + StepMiB)),
            _ => null,
        };
    }

    private static long Stepped(long mebibytes) => (mebibytes + StepMiB - 1) / StepMiB * StepMiB;

    /// <summary>The value that 95 of 100 hours keep below or at; 0 of none. Sorts what it is given.</summary>
    public static int P95(Span<int> peaks)
    {
        if (peaks.IsEmpty)
            return 0;
        peaks.Sort();
        return peaks[(int)Math.Ceiling(0.95 * peaks.Length) - 1];
    }
}
