global using static Relais.Desktops.Usage.UsageShown;

namespace Relais.Desktops.Usage;

/// <summary>What the report's pages show: no other module needs it, but what parameters of components name is public.</summary>
public static partial class UsageShown
{
    /// <summary>What a desktop took in a period, and what follows from it.</summary>
    public sealed record UsageLine
    {
        public required Guid Desktop { get; init; }

        /// <summary>Who had it last; empty for one of a pool that nobody had.</summary>
        public required Guid PersonId { get; init; }

        public required string Person { get; init; }

        /// <summary>Groups of that person, by id.</summary>
        public IReadOnlyList<Guid> Teams { get; init; } = [];

        public required string Bundle { get; init; }

        public IReadOnlyList<string> Tags { get; init; } = [];

        public bool OfPool { get; init; }

        public double RunningHours { get; init; }

        public double FrozenHours { get; init; }

        public double SessionHours { get; init; }

        /// <summary>Of the processors that it had while it ran.</summary>
        public double CpuShare { get; init; }

        public long MemoryP95MiB { get; init; }

        /// <summary>Whether cached files are in it, because the engine did not say how much they are.</summary>
        public bool WithCache { get; init; }

        /// <summary>Its size now; of one that is gone, the last one.</summary>
        public long LimitMiB { get; init; }

        /// <summary>Programs killed for lack of memory at this size.</summary>
        public int Kills { get; init; }

        public DateTimeOffset? LastUsed { get; init; }

        public Verdict Verdict { get; init; }

        public long? SuggestedMiB { get; init; }

        /// <summary>Of memory, processors and disk; null without prices.</summary>
        public double? Cost { get; init; }

        /// <summary>What the suggested size would have cost less; null without prices or suggestion, negative when it costs more.</summary>
        public double? Saved { get; init; }

        public double HoursThere => RunningHours + FrozenHours;

        /// <summary>Hours that it ran or was frozen in which no session was open.</summary>
        public double IdleHours => Math.Max(0, HoursThere - SessionHours);

        public double IdleShare => HoursThere > 0 ? IdleHours / HoursThere : 0;

        /// <summary>Whether the report can have it made to the size that it proposes.</summary>
        public bool CanResize => SuggestedMiB is not null && !OfPool && Verdict is Verdict.TooLarge or Verdict.TooSmall;

        /// <summary>Whether the report can have it archived.</summary>
        public bool CanArchive => Verdict == Verdict.Unused && !OfPool;
    }

    /// <summary>Desktops of a team or a tag together.</summary>
    /// <param name="Name">Empty for those of none.</param>
    public sealed record UsageSum(
        string Name, int Desktops, double RunningHours, double SessionHours, double IdleHours, int Unused, int TooLarge, int TooSmall, double? Cost, double? Saved);
}
