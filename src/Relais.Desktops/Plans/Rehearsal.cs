namespace Relais.Desktops.Plans;

/// <summary>What a plan would do if it were started at this moment, and what stands in its way. Nothing was changed to find out.</summary>
/// <param name="Room">What there is; null when nobody knows, because there is no engine here.</param>
/// <param name="Rule">By which rule it was decided; those kept before there was a number have none.</param>
internal sealed record Rehearsal(IReadOnlyList<RehearsedStep> Steps, IReadOnlyList<RehearsalFinding> Findings, RehearsedRoom? Room, int Rule = 0)
{
    /// <summary>The rule by which desktops start, machine by machine. One more each time that older results would say something wrong.</summary>
    public const int PresentRule = 1;

    /// <summary>Whether it was decided by a rule that does not hold any more: it says nothing until it is made again.</summary>
    public bool IsOutdated => Rule != PresentRule;

    public int People => Steps.Sum(s => s.People);

    /// <summary>Desktops of pools that would be ready, or in use.</summary>
    public int OfPools => Steps.Where(s => s.Pool is not null).Sum(s => s.New + s.Running);

    /// <summary>Desktops that would come to use memory which do not use it now.</summary>
    public int ToStart => Steps.Sum(s => s.New + s.Stopped);

    public long MemoryMiB => Steps.Sum(s => s.MemoryMiB);

    public long Cpus => Steps.Sum(s => s.Cpus);

    public long HomeMiB => Steps.Sum(s => s.HomeMiB);

    /// <summary>Desktops that would wait for room; 0 when nobody knows how much there is.</summary>
    public int Over => Steps.Sum(s => s.Over);

    /// <summary>Whether nothing keeps anybody's desktop from starting.</summary>
    public bool Passes => !Findings.Any(f => f.Blocks);
}

/// <param name="People">For whom a desktop is wanted.</param>
/// <param name="New">Desktops that would be made.</param>
/// <param name="Stopped">Those that are made and would be started.</param>
/// <param name="Frozen">Those that would be woken; their memory is taken already.</param>
/// <param name="Running">Those that run already.</param>
/// <param name="Left">Those that would be left out: archived, or being deleted.</param>
/// <param name="MemoryMiB">What the new and stopped ones are promised together.</param>
/// <param name="Cpus">Processors that they may use, shares of those that there are.</param>
/// <param name="HomeMiB">What the homes that are not made yet may grow to.</param>
/// <param name="Over">How many of them would wait for room, after the steps before.</param>
/// <param name="Pool">The pool whose desktops are meant; null for desktops of people.</param>
internal sealed record RehearsedStep(
    int Number, string Bundle, int People, int New, int Stopped, int Frozen, int Running, int Left, long MemoryMiB, long Cpus, long HomeMiB, int Over,
    string? Pool = null);

/// <summary>Something that a rehearsal found.</summary>
/// <param name="Code">What, as a key that pages put into words.</param>
/// <param name="Blocks">Whether somebody's desktop would not start for it; else it is to be known.</param>
/// <param name="Step">Of which step; 0 for the plan as a whole.</param>
/// <param name="Count">How many people, desktops or groups.</param>
/// <param name="Names">Some of them, or the bundle.</param>
internal sealed record RehearsalFinding(string Code, bool Blocks, int Step, int Count, IReadOnlyList<string> Names);

/// <summary>What the machines have for desktops at the moment of a rehearsal. Promises decide who starts; what is used and the disk are to be known.</summary>
/// <param name="BudgetMiB">Memory that may be promised in all.</param>
/// <param name="PromisedMiB">What is promised already.</param>
/// <param name="QueuedMiB">What desktops that are not of the plan wait for.</param>
/// <param name="UsedMiB">What those that run use of it.</param>
/// <param name="DiskMiB">Room in the storage of homes and roots.</param>
/// <param name="Cpus">Processors, all of them.</param>
internal sealed record RehearsedRoom(long BudgetMiB, long PromisedMiB, long QueuedMiB, long UsedMiB, long DiskMiB, int Cpus)
{
    public long LeftMiB => Math.Max(0, BudgetMiB - PromisedMiB - QueuedMiB);
}
