using Microsoft.EntityFrameworkCore;

namespace Relais.Desktops.Usage;

/// <summary>What one desktop took in one hour, under one person. Hours in which it was stopped have no row.</summary>
internal sealed class UsageHour
{
    public DateTimeOffset Hour { get; init; }

    public Guid DesktopId { get; init; }

    /// <summary>Who had it; empty for one of a pool that nobody had.</summary>
    public Guid PersonId { get; init; }

    public Guid? PoolId { get; init; }

    public required string Bundle { get; set; }

    public int RunningSeconds { get; set; }

    public int FrozenSeconds { get; set; }

    /// <summary>While a session was open on it.</summary>
    public int SessionSeconds { get; set; }

    public double CpuSeconds { get; set; }

    /// <summary>Most memory of the hour's samples, cached files included as the engine counts them.</summary>
    public int MemoryMiB { get; set; }

    public int LimitMiB { get; set; }

    public int Processors { get; set; }

    /// <summary>The engine's count of processor time at the last sample, in nanoseconds.</summary>
    public long CpuCounter { get; set; }

    public DateTimeOffset LastSlot { get; set; }
}

/// <summary>What all desktops took at one moment. Its row also says that the moment's sample was taken.</summary>
internal sealed class FleetSlot
{
    public DateTimeOffset Slot { get; init; }

    /// <summary>Those that ran or were frozen.</summary>
    public int Desktops { get; init; }

    public long PromisedMiB { get; init; }

    public long UsedMiB { get; init; }

    public long BudgetMiB { get; init; }
}

internal static class UsageModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<UsageHour>(hour =>
        {
            hour.ToTable("usage_hour");
            hour.HasKey(h => new { h.Hour, h.DesktopId, h.PersonId });
        });
        model.Entity<FleetSlot>(slot =>
        {
            slot.ToTable("usage_fleet");
            slot.HasKey(s => s.Slot);
        });
    }
}
