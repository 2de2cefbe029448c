namespace Relais.Desktops.Members;

/// <summary>A desktop on a machine that is to be emptied.</summary>
/// <param name="MemoryMiB">What it is promised on the next machine: nothing while it is stopped.</param>
/// <param name="Move">Whether it is on its way already, or was left where it is.</param>
internal sealed record Placed(Guid Desktop, long MemoryMiB, bool InSession, bool OfPool, bool IsSpare, MoveStanding Move);

internal enum MoveStanding
{
    None,
    UnderWay,
    GivenUp,
}

/// <summary>A machine that takes desktops, and what it may still promise.</summary>
internal sealed record Place(string Member, long LeftMiB);

/// <summary>What becomes of a desktop on a machine that is to be emptied.</summary>
internal enum DrainFate
{
    /// <summary>It goes to another machine now.</summary>
    Move,

    /// <summary>It is on its way.</summary>
    UnderWay,

    /// <summary>It goes when those on their way have arrived.</summary>
    Next,

    /// <summary>Somebody works on it: it goes when they have left.</summary>
    InUse,

    /// <summary>It fits nowhere else.</summary>
    NoRoom,

    /// <summary>Nobody's: it is destroyed, and its pool makes another one elsewhere.</summary>
    Replace,

    /// <summary>Its move failed again and again.</summary>
    Stayed,
}

/// <param name="To">Where it goes, when it goes now.</param>
internal sealed record Fated(Guid Desktop, DrainFate Fate, string? To = null);

/// <summary>Who leaves a machine, when, and to where. Pure: the same state gives the same answer, however often the server dies in between.</summary>
internal static class DrainRules
{
    /// <summary>Moves at once: each copies a home over the network of the machines.</summary>
    public const int AtOnce = 2;

    /// <param name="now">Whether those in use go too.</param>
    public static IReadOnlyList<Fated> Of(IEnumerable<Placed> there, IEnumerable<Place> places, bool now)
    {
        var desktops = there.OrderBy(d => d.MemoryMiB).ThenBy(d => d.Desktop).ToList();
        var left = places.ToDictionary(p => p.Member, p => p.LeftMiB, StringComparer.Ordinal);
        var free = AtOnce - desktops.Count(d => d.Move == MoveStanding.UnderWay);
        List<Fated> fates = [];
        foreach (var desktop in desktops)
        {
            var fate = Standing(desktop, now);
            if (fate is not DrainFate.Move)
            {
                fates.Add(new Fated(desktop.Desktop, fate));
                continue;
            }

            if (left.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key).FirstOrDefault() is not { } to
                || left[to] < desktop.MemoryMiB)
            {
                fates.Add(new Fated(desktop.Desktop, DrainFate.NoRoom));
                continue;
            }

            left[to] -= desktop.MemoryMiB;
            fates.Add(free-- > 0 ? new Fated(desktop.Desktop, DrainFate.Move, to) : new Fated(desktop.Desktop, DrainFate.Next));
        }

        return fates;
    }

    private static DrainFate Standing(Placed desktop, bool now) => desktop switch
    {
        { Move: MoveStanding.UnderWay } => DrainFate.UnderWay,
        { Move: MoveStanding.GivenUp } => DrainFate.Stayed,
        { IsSpare: true } => DrainFate.Replace,
        // It lives as long as its session: its pool makes the next one elsewhere.
        { OfPool: true } => DrainFate.InUse,
        { InSession: true } when !now => DrainFate.InUse,
        _ => DrainFate.Move,
    };
}
