namespace Relais.Desktops.Capacity;

/// <summary>A machine that runs desktops, as the engine sees it.</summary>
/// <param name="State">The engine's word: Online, Offline, Evacuated ...</param>
/// <param name="PromisedBytes">Limits of the desktops there that run or are frozen.</param>
/// <param name="UsedBytes">What these use now.</param>
internal sealed record MemberCapacity(
    string Name, string State, long MemoryBytes, long PromisedBytes, long UsedBytes, int Processors, long DiskBytes, long DiskUsedBytes)
{
    public const string Online = "Online";

    public bool IsOnline => State == Online;
}

/// <summary>What all machines have together.</summary>
/// <param name="BudgetMiB">How much may be promised in all.</param>
internal sealed record FleetCapacity(IReadOnlyList<MemberCapacity> Members, long BudgetMiB)
{
    private const long BytesPerMiB = 1 << 20;

    public long MemoryMiB => Members.Where(m => m.IsOnline).Sum(m => m.MemoryBytes) / BytesPerMiB;

    public long PromisedMiB => Members.Sum(m => m.PromisedBytes) / BytesPerMiB;

    public long UsedMiB => Members.Sum(m => m.UsedBytes) / BytesPerMiB;

    public long LeftMiB => Math.Max(0, BudgetMiB - PromisedMiB);

    /// <summary>What may be promised on machines with so much memory.</summary>
    public static long BudgetOf(IReadOnlyCollection<long> memoryMiB, DesktopsOptions options)
    {
        var kept = memoryMiB.Select(m => Math.Max(0, m - options.HostReserveMiB)).Sum();
        if (options.MemoryMiB > 0)
            kept = Math.Min(kept, options.MemoryMiB);
        return (long)(kept * options.Overcommit);
    }
}
