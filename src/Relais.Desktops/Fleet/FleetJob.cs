using Relais.Kernel.Audit;

namespace Relais.Desktops.Fleet;

/// <summary>One action for many desktops. Each desktop's row is changed in the transaction that marks it done here, so that a killed server goes on where it was.</summary>
internal sealed class FleetJob
{
    public Guid Id { get; init; }

    public FleetAction Action { get; init; }

    public FleetArguments Arguments { get; init; } = new();

    /// <summary>Who asked, as the audit trail names them.</summary>
    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    public string? ActorAddress { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Whether what is not begun yet is left undone.</summary>
    public bool StopAsked { get; set; }

    public List<FleetJobRow> Rows { get; } = [];

    public static FleetJob Of(FleetAction action, FleetArguments arguments, IEnumerable<(Guid Desktop, Guid Person)> desktops, Actor actor, DateTimeOffset now)
    {
        var job = new FleetJob
        {
            Id = Guid.CreateVersion7(now), Action = action, Arguments = arguments, AskedAt = now,
            ActorId = actor.Id, ActorName = actor.Name, ActorAddress = actor.Address,
        };
        job.Rows.AddRange(desktops.Select(d => new FleetJobRow { JobId = job.Id, DesktopId = d.Desktop, PersonId = d.Person, ChangedAt = now }));
        return job;
    }
}

/// <summary>One desktop of a job.</summary>
internal sealed class FleetJobRow
{
    public Guid JobId { get; init; }

    public Guid DesktopId { get; init; }

    public Guid PersonId { get; init; }

    public FleetRowState State { get; set; }

    /// <summary>Number of the asking that this row waits for.</summary>
    public long Asked { get; set; }

    /// <summary>Why it was left out or failed, as a key that pages put into words.</summary>
    public string? Reason { get; set; }

    public string? Detail { get; set; }

    /// <summary>When its desktop was asked; null while it waits.</summary>
    public DateTimeOffset? BegunAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>How far a desktop of a job is.</summary>
public enum FleetRowState
{
    Waiting,

    /// <summary>Asked for; the desktop is on its way.</summary>
    Doing,
    Done,

    /// <summary>There was nothing to do, or the rules forbid it; the reason says which.</summary>
    LeftOut,
    Failed,
}

/// <summary>What can be done with desktops, one or many.</summary>
public enum FleetAction
{
    Start,
    Freeze,
    Stop,
    Restart,

    /// <summary>A fresh root; the home is kept.</summary>
    Rebuild,

    /// <summary>Of the home.</summary>
    Snapshot,

    /// <summary>The home goes back to a snapshot.</summary>
    Restore,

    /// <summary>Another bundle; the home is kept.</summary>
    Move,

    /// <summary>Other memory or processors, at once where the engine can.</summary>
    Resize,

    /// <summary>The instance goes and the home stays.</summary>
    Archive,

    /// <summary>Back from the archive.</summary>
    Unarchive,

    /// <summary>Stopped now, deleted with its home when the grace period is over.</summary>
    Delete,

    /// <summary>Not deleted after all.</summary>
    Keep,

    /// <summary>Never put to rest by itself.</summary>
    AlwaysOn,

    /// <summary>Put to rest as its bundle says.</summary>
    AutoStop,

    /// <summary>Gets a label.</summary>
    Tag,

    /// <summary>Loses a label.</summary>
    Untag,
}

/// <summary>What an action needs besides the desktops.</summary>
internal sealed record FleetArguments
{
    /// <summary>For <see cref="FleetAction.Move"/>.</summary>
    public string? Bundle { get; init; }

    /// <summary>For <see cref="FleetAction.Resize"/>, in MiB; null is the bundle's.</summary>
    public int? MemoryMiB { get; init; }

    /// <summary>For <see cref="FleetAction.Resize"/>; null is the bundle's.</summary>
    public int? Cpu { get; init; }

    /// <summary>For <see cref="FleetAction.Resize"/>: a size for each desktop, in MiB, with its processors kept. Those that are not in it are left out.</summary>
    public IReadOnlyDictionary<Guid, int>? Sizes { get; init; }

    /// <summary>For <see cref="FleetAction.Tag"/> and <see cref="FleetAction.Untag"/>.</summary>
    public string? Tag { get; init; }

    /// <summary>For <see cref="FleetAction.Restore"/> of one desktop; null is the latest snapshot of each that was not taken before a restore.</summary>
    public Guid? Snapshot { get; init; }

    /// <summary>How many desktops may be on their way at the same time; null for all.</summary>
    public int? AtOnce { get; init; }
}
