namespace Relais.Desktops.Members;

/// <summary>What the engine says of a desktop that is on its way.</summary>
/// <param name="Instance">The machine of its instance; null when it has none.</param>
/// <param name="HomeThere">Whether its home is where it was.</param>
/// <param name="Copied">Whether a home is on the machine that it goes to, whole or not.</param>
/// <param name="Whole">Whether that one was noted as whole for this very move.</param>
internal readonly record struct MoveFacts(string? Instance, bool HomeThere, bool Copied, bool Whole);

/// <summary>The next step of a move. Each leaves a state in which the step after it is found again, whoever dies in between.</summary>
internal enum MoveStep
{
    /// <summary>A copy that is half, or of an earlier move: it goes before another one is made.</summary>
    DropCopy,
    CopyHome,
    MoveInstance,

    /// <summary>The old home is not needed any more.</summary>
    DropOld,
    Done,
}

/// <summary>From what the engine has to what is next. Pure. The old home goes last, and only when all that uses it is elsewhere.</summary>
internal static class MoveRules
{
    public static MoveStep Next(MoveFacts facts, string to)
    {
        var arrived = facts.Instance == to;
        // Its instance works with the copy already: that one is the home, whatever is noted on it.
        if (arrived)
            return facts is { HomeThere: true, Copied: true } ? MoveStep.DropOld : facts.HomeThere ? MoveStep.CopyHome : MoveStep.Done;
        if (facts is { Copied: true, Whole: false, HomeThere: true })
            return MoveStep.DropCopy;
        if (facts is { HomeThere: true, Copied: false })
            return MoveStep.CopyHome;
        if (facts.Instance is not null)
            return MoveStep.MoveInstance;
        return facts.HomeThere ? MoveStep.DropOld : MoveStep.Done;
    }
}
