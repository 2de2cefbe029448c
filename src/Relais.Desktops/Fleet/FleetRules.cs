using Relais.Desktops.Desktops;
using Relais.Desktops.Pools;

namespace Relais.Desktops.Fleet;

/// <summary>What an action must know besides the desktop.</summary>
/// <param name="Snapshot">The one to go back to, if there is one.</param>
/// <param name="BundleKnown">Whether the bundle to move to is one.</param>
/// <param name="Grace">How long a deleted desktop can be kept after all.</param>
internal readonly record struct FleetFacts(Guid? Snapshot, bool BundleKnown, TimeSpan Grace);

/// <summary>What each action means for a desktop's row. Pure: the row changes, or a reason comes back why it does not.</summary>
internal static class FleetRules
{
    public const string Already = "already";
    public const string BeingDeleted = "being-deleted";
    public const string Archived = "archived";
    public const string NoSnapshot = "no-snapshot";
    public const string UnknownBundle = "unknown-bundle";
    public const string Stopped = "stopped";
    public const string NoTag = "no-tag";
    public const string ManyTags = "many-tags";

    /// <summary>Whether who has it open is cut: what they see is about to go.</summary>
    public static bool EndsSessions(FleetAction action) => action is FleetAction.Stop or FleetAction.Restart or FleetAction.Rebuild or FleetAction.Restore
        or FleetAction.Move or FleetAction.Archive or FleetAction.Delete;

    /// <returns>Null when the row was changed; else why not.</returns>
    public static string? Apply(FleetAction action, FleetArguments arguments, Desktop desktop, FleetFacts facts, DateTimeOffset now)
    {
        if (desktop.Wanted == Wanted.Deleted)
            return BeingDeleted;
        if (desktop.PoolId is not null)
            return PoolRules.Apply(action, arguments, desktop, now);
        if (action == FleetAction.Keep)
            return Keep(desktop, now);
        if (desktop.DeleteAt is not null)
            return BeingDeleted;
        if (action == FleetAction.Delete)
            return Delete(desktop, facts, now);
        if (action == FleetAction.Unarchive)
            return desktop.Wanted == Wanted.Archived ? Want(desktop, Wanted.Stopped, now) : Already;
        if (action is FleetAction.Tag or FleetAction.Untag)
            return Label(action, arguments, desktop);
        if (desktop.Wanted == Wanted.Archived)
            return action == FleetAction.Archive ? Already : Archived;
        return action switch
        {
            FleetAction.Start => IsThere(desktop, Wanted.Running, DesktopState.Running) ? Already : Want(desktop, Wanted.Running, now),
            FleetAction.Freeze => desktop.State is DesktopState.Frozen or DesktopState.Stopped ? Already : Want(desktop, Wanted.Frozen, now),
            FleetAction.Stop => IsThere(desktop, Wanted.Stopped, DesktopState.Stopped) ? Already : Want(desktop, Wanted.Stopped, now),
            FleetAction.Restart => Restart(desktop, now),
            FleetAction.Rebuild => Rebuild(desktop, now),
            FleetAction.Snapshot => Ask(desktop, now),
            FleetAction.Restore => Restore(desktop, facts, now),
            FleetAction.Move => Move(desktop, arguments, facts, now),
            FleetAction.Resize => Resize(desktop, arguments, now),
            FleetAction.Archive => Want(desktop, Wanted.Archived, now),
            FleetAction.AlwaysOn => Rest(desktop, alwaysOn: true, now),
            FleetAction.AutoStop => Rest(desktop, alwaysOn: false, now),
            _ => Already,
        };
    }

    /// <summary>Has its root made anew from the version that its bundle is at, with the home kept.</summary>
    public static string? Rebuild(Desktop desktop, DateTimeOffset now)
    {
        desktop.Root++;
        desktop.Image = null;
        // What was frozen in it is gone with the root.
        if (desktop.Wanted == Wanted.Frozen)
            desktop.Wanted = Wanted.Stopped;
        return Ask(desktop, now);
    }

    private static string? Restart(Desktop desktop, DateTimeOffset now)
    {
        desktop.Boot++;
        return Want(desktop, Wanted.Running, now);
    }

    private static string? Restore(Desktop desktop, FleetFacts facts, DateTimeOffset now)
    {
        if (facts.Snapshot is null)
            return NoSnapshot;
        desktop.RestoreFrom = facts.Snapshot;
        if (desktop.Wanted == Wanted.Frozen)
            desktop.Wanted = Wanted.Stopped;
        return Ask(desktop, now);
    }

    private static string? Move(Desktop desktop, FleetArguments arguments, FleetFacts facts, DateTimeOffset now)
    {
        if (!facts.BundleKnown || arguments.Bundle is not { } bundle)
            return UnknownBundle;
        if (bundle == desktop.Bundle)
            return Already;
        desktop.Bundle = bundle;
        // Sizes were chosen for the other bundle.
        (desktop.MemoryMiB, desktop.Cpu) = (null, null);
        return Rebuild(desktop, now);
    }

    private static string? Resize(Desktop desktop, FleetArguments arguments, DateTimeOffset now)
    {
        if (arguments.Sizes is { } sizes)
            arguments = new FleetArguments { MemoryMiB = sizes.TryGetValue(desktop.Id, out var size) ? size : desktop.MemoryMiB, Cpu = desktop.Cpu };
        if ((desktop.MemoryMiB, desktop.Cpu) == (arguments.MemoryMiB, arguments.Cpu))
            return Already;
        (desktop.MemoryMiB, desktop.Cpu) = (arguments.MemoryMiB, arguments.Cpu);
        return Ask(desktop, now);
    }

    // Nothing of it reaches the engine, so nothing is asked of it.
    private static string? Label(FleetAction action, FleetArguments arguments, Desktop desktop)
    {
        if (DesktopTags.Read(arguments.Tag) is not { } tag)
            return NoTag;
        var tags = action == FleetAction.Tag ? DesktopTags.With(desktop.Tags, tag) : DesktopTags.Without(desktop.Tags, tag);
        if (tags is null)
            return action == FleetAction.Tag && !DesktopTags.Has(desktop.Tags, tag) ? ManyTags : Already;
        desktop.Tags = tags;
        return null;
    }

    private static string? Delete(Desktop desktop, FleetFacts facts, DateTimeOffset now)
    {
        desktop.DeleteAt = now + facts.Grace;
        return desktop.Wanted == Wanted.Archived ? Ask(desktop, now) : Want(desktop, Wanted.Stopped, now);
    }

    private static string? Keep(Desktop desktop, DateTimeOffset now)
    {
        if (desktop.DeleteAt is null)
            return Already;
        desktop.DeleteAt = null;
        return Ask(desktop, now);
    }

    private static string? Rest(Desktop desktop, bool alwaysOn, DateTimeOffset now)
    {
        if (desktop.AlwaysOn == alwaysOn)
            return Already;
        desktop.AlwaysOn = alwaysOn;
        desktop.IdleSince = null;
        return Ask(desktop, now);
    }

    private static bool IsThere(Desktop desktop, Wanted wanted, DesktopState state) =>
        desktop.Wanted == wanted && desktop.State == state && desktop.Reached == desktop.Asked;

    private static string? Want(Desktop desktop, Wanted wanted, DateTimeOffset now)
    {
        desktop.Want(wanted, now);
        return null;
    }

    private static string? Ask(Desktop desktop, DateTimeOffset now)
    {
        desktop.Ask(now);
        return null;
    }
}
