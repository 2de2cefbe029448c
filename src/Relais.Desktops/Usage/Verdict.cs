namespace Relais.Desktops.Usage;

/// <summary>What a desktop's figures say of its size.</summary>
internal enum Verdict
{
    Fits,
    Unused,
    TooLarge,
    TooSmall,

    /// <summary>Less than a day of it was seen running.</summary>
    TooLittleSeen,
}

/// <summary>Judges sizes by plain limits. Pure.</summary>
internal static class Verdicts
{
    public const double LargeBelow = 0.4;
    public const double SmallFrom = 0.95;
    private const int StepMiB = 256;
    private const int LeastMiB = 512;

    /// <param name="p95MiB">Of its hours, each with its most.</param>
    public static Verdict Of(double runningHours, bool used, long p95MiB, long limitMiB) =>
        runningHours < 24 || limitMiB <= 0 ? Verdict.TooLittleSeen
        : !used ? Verdict.Unused
        : p95MiB >= SmallFrom * limitMiB ? Verdict.TooSmall
        : p95MiB < LargeBelow * limitMiB ? Verdict.TooLarge
        : Verdict.Fits;

    /// <summary>The memory that would fit: what was needed and half of it again; null when it fits or nothing can be said.</summary>
    public static long? SuggestMiB(Verdict verdict, long p95MiB, long limitMiB)
    {
        var fitting = Math.Max(LeastMiB, ((p95MiB * 3 / 2) + StepMiB - 1) / StepMiB * StepMiB);
        return verdict switch
        {
            Verdict.TooLarge when fitting < limitMiB => fitting,
            Verdict.TooSmall => Math.Max(fitting, limitMiB + StepMiB),
            _ => null,
        };
    }
}
