using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Desktops.Members;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Pools;

/// <summary>How many desktops a pool keeps ready, which of them serve, and when one is over. Pure.</summary>
internal static class PoolRules
{
    /// <summary>Why an action on one desktop of a pool is refused: it has no state that somebody would want back.</summary>
    public const string OfPool = "of-pool";

    /// <summary>Desktops to keep ready beside those in use.</summary>
    /// <param name="local">The time where the institute is.</param>
    /// <param name="held">How many are to be started, in use or ready, because a continuity plan that runs wants so.</param>
    public static int Spares(Pool pool, int inUse, DateTimeOffset local, int held = 0)
    {
        // A home is attached before the first start, so nothing can be started for somebody unknown.
        if (pool.KeepsHome)
            return 0;
        var scheduled = pool.Schedule.Hours.Where(h => h.Hold(local)).Select(h => h.Started).DefaultIfEmpty().Max();
        return Math.Max(0, Math.Min(pool.Most, Math.Max(Math.Max(scheduled, held), inUse + pool.Ready)) - inUse);
    }

    /// <summary>Whether one that nobody has can still be given to somebody.</summary>
    public static bool Serves(Pool pool, BundleRow? bundle, Desktop spare) =>
        !pool.KeepsHome && !IsAway(spare) && spare.Bundle == pool.Bundle && !RollOutRules.IsBehind(bundle, spare);

    /// <summary>Whether its machine does not answer: what is open in it may go on, but nobody gets to it anew.</summary>
    public static bool IsAway(Desktop member) => member.Fault == MemberAwayException.Fault;

    /// <summary>Whether somebody may have a desktop of it.</summary>
    /// <param name="pool">Null when it is gone.</param>
    /// <param name="way">Null when there is no such person any more.</param>
    /// <param name="isIn">Whether they are in a group.</param>
    public static bool MayUse(Pool? pool, WayIn? way, Func<Guid, bool> isIn) =>
        pool is not null && way is (WayIn.Open or WayIn.NotInvited) && pool.Groups.Any(isIn);

    /// <summary>Whether a desktop that somebody has is to go.</summary>
    /// <param name="use">Its latest session; null when there was none.</param>
    public static bool IsOver(Desktop member, LastUse? use, PoolOptions options, DateTimeOffset now)
    {
        // Nothing of it is to be kept, and its person gets another one elsewhere. A home that is kept waits for its machine.
        if (IsAway(member) && member.HomeId is null && use is not { End: UseEnd.Open })
            return true;
        var asked = member.AskedForAt ?? member.CreatedAt;
        return use switch
        {
            null => now - asked >= options.CutGrace,
            // Its person asked again since: the next session is on its way.
            { End: UseEnd.Over } => use.SeenAt >= asked || now - asked >= options.CutGrace,
            { End: UseEnd.Left } => now - Later(use.SeenAt, asked) >= options.CloseGrace,
            _ => now - Later(use.SeenAt, asked) >= options.CutGrace,
        };
    }

    /// <summary>What may be asked of one desktop of a pool: another start, another size, and its end.</summary>
    /// <returns>Null when the row was changed; else why not.</returns>
    public static string? Apply(FleetAction action, FleetArguments arguments, Desktop member, DateTimeOffset now)
    {
        switch (action)
        {
            case FleetAction.Restart:
                member.Boot++;
                member.Want(Wanted.Running, now);
                return null;
            case FleetAction.Resize:
                (member.MemoryMiB, member.Cpu) = (arguments.MemoryMiB, arguments.Cpu);
                member.Ask(now);
                return null;
            case FleetAction.Delete:
                member.Want(Wanted.Deleted, now);
                return null;
            default:
                return OfPool;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
