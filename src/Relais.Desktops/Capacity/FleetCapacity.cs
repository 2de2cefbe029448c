namespace Relais.Desktops.Capacity;

/// <summary>A machine that runs desktops, as the engine sees it.</summary>
/// <param name="State">The engine's word: Online, Offline, Evacuated ...</param>
/// <param name="PromisedBytes">Limits of the desktops there that run or are frozen.</param>
/// <param name="UsedBytes">What these use now.</param>
/// <param name="IsOpen">Whether the engine may put new desktops there.</param>
internal sealed record MemberCapacity(
    string Name, string State, long MemoryBytes, long PromisedBytes, long UsedBytes, int Processors, long DiskBytes, long DiskUsedBytes, bool IsOpen = true)
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

    /// <summary>What each machine that is online may promise and has promised.</summary>
    public IReadOnlyList<MemberRoom> Rooms(DesktopsOptions options)
    {
        var online = Members.Where(m => m.IsOnline).ToList();
        var budgets = BudgetsOf(online.ConvertAll(m => m.MemoryBytes / BytesPerMiB), options);
        return [.. online.Zip(budgets, (m, budget) => new MemberRoom(m.Name, budget, m.PromisedBytes / BytesPerMiB, m.IsOpen))];
    }

    /// <summary>What may be promised on machines with so much memory.</summary>
    public static long BudgetOf(IReadOnlyCollection<long> memoryMiB, DesktopsOptions options)
    {
        var kept = memoryMiB.Select(m => Math.Max(0, m - options.HostReserveMiB)).Sum();
        if (options.MemoryMiB > 0)
            kept = Math.Min(kept, options.MemoryMiB);
        return (long)(kept * options.Overcommit);
    }

    /// <summary>The same, of each. What an institute allows in all is shared out by what the machines have.</summary>
    public static IReadOnlyList<long> BudgetsOf(IReadOnlyCollection<long> memoryMiB, DesktopsOptions options)
    {
        var kept = memoryMiB.Select(m => Math.Max(0, m - options.HostReserveMiB)).ToList();
        var all = kept.Sum();
        return kept.ConvertAll(k => options.MemoryMiB > 0 && all > options.MemoryMiB
            ? (long)(options.MemoryMiB * options.Overcommit * k / all)
            : (long)(k * options.Overcommit));
    }

    /// <summary>How many of these desktops find room, each wholly on one machine, the larger ones first and each where most is left.</summary>
    /// <param name="memoryMiB">What each would be promised.</param>
    public static int Fits(IReadOnlyList<MemberRoom> rooms, IEnumerable<long> memoryMiB)
    {
        var left = rooms.Where(r => r.IsOpen).Select(r => r.LeftMiB).ToArray();
        var fitting = 0;
        foreach (var size in memoryMiB.OrderDescending())
        {
            var most = Array.IndexOf(left, left.Length > 0 ? left.Max() : 0);
            if (most < 0 || left[most] < size)
                continue;
            left[most] -= size;
            fitting++;
        }

        return fitting;
    }
}
