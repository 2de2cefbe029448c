using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Members;

/// <summary>Takes a desktop that is stopped, with root, home and snapshots, to another machine. It keeps nothing that row and engine do not say.</summary>
internal sealed class MoveDesktop(DesktopsDb db, DesktopsEngine engine, TimeProvider clock)
{
    // More than the steps that there are: a move that goes in circles is a fault, and says so.
    private const int MostSteps = 8;

    // Its person waits meanwhile, for about a minute.
    private const int MostFailures = 5;

    /// <summary>The move that a desktop is on; null when it stays where it is.</summary>
    public Task<DesktopMove?> FindAsync(Guid desktop, CancellationToken cancel) =>
        db.Moves.SingleOrDefaultAsync(m => m.DesktopId == desktop && m.GivenUpAt == null, cancel);

    /// <summary>Removes the homes of a desktop that is deleted while it moves: by name alone the engine could not tell the two apart.</summary>
    public async Task DropHomesAsync(Desktop desktop, CancellationToken cancel)
    {
        if (await FindAsync(desktop.Id, cancel) is not { } move)
            return;
        foreach (var member in new[] { move.To, move.From })
        {
            if (await engine.Members.FindHomeAsync(desktop.HomeVolume, member, cancel) is not null)
                await engine.Members.DeleteHomeAsync(desktop.HomeVolume, member, cancel);
        }
    }

    /// <summary>Its instance must be stopped.</summary>
    public async Task HandleAsync(Desktop desktop, DesktopMove move, CancellationToken cancel)
    {
        var members = await engine.Members.ListAsync(cancel);
        var from = members.SingleOrDefault(m => m.Name == move.From);
        if (from is not { Answers: true } || !members.Any(m => m.Name == move.To && m.Answers))
            throw new MemberAwayException(from is { Answers: true } ? move.To : move.From);
        if (desktop.Attempts >= MostFailures && await GiveUpAsync(desktop, move, cancel))
            return;
        for (var steps = 0; steps < MostSteps; steps++)
        {
            switch (MoveRules.Next(await FactsAsync(desktop, move, cancel), move.To))
            {
                case MoveStep.DropCopy:
                    await engine.Members.DeleteHomeAsync(desktop.HomeVolume, move.To, cancel);
                    break;
                case MoveStep.CopyHome:
                    await engine.Members.CopyHomeAsync(desktop.HomeVolume, from, move.To, move.Id, cancel);
                    break;
                case MoveStep.MoveInstance:
                    await engine.Members.MoveAsync(desktop.Instance, move.To, cancel);
                    break;
                case MoveStep.DropOld:
                    await engine.Members.DeleteHomeAsync(desktop.HomeVolume, move.From, cancel);
                    break;
                case MoveStep.Done:
                    db.Moves.Remove(move);
                    db.Audit(
                        clock, Actor.System, "desktop.moved", $"desktop:{desktop.Id}", desktop.Bundle, new { person = desktop.PersonId, from = move.From, to = move.To });
                    if (await db.Drains.SingleOrDefaultAsync(d => d.Member == move.From, cancel) is { } drain)
                        drain.Moved++;
                    await db.SaveChangesAsync(cancel);
                    return;
            }
        }

        throw new InvalidDataException($"The move to {move.To} did not come to its end.");
    }

    // Only while all of it is still where it was: then the copy goes, and there is one home again.
    private async Task<bool> GiveUpAsync(Desktop desktop, DesktopMove move, CancellationToken cancel)
    {
        var facts = await FactsAsync(desktop, move, cancel);
        if (facts.Instance == move.To || (facts.Copied && !facts.HomeThere))
            return false;
        if (facts.Copied)
            await engine.Members.DeleteHomeAsync(desktop.HomeVolume, move.To, cancel);
        (move.GivenUpAt, move.Detail) = (clock.GetUtcNow(), desktop.FaultDetail);
        db.Audit(
            clock, Actor.System, "desktop.stayed", $"desktop:{desktop.Id}", desktop.Bundle, new { person = desktop.PersonId, from = move.From, to = move.To });
        await db.SaveChangesAsync(cancel);
        return true;
    }

    private async Task<MoveFacts> FactsAsync(Desktop desktop, DesktopMove move, CancellationToken cancel)
    {
        var copy = await engine.Members.FindHomeAsync(desktop.HomeVolume, move.To, cancel);
        return new MoveFacts(
            await engine.Members.LocationAsync(desktop.Instance, cancel), await engine.Members.FindHomeAsync(desktop.HomeVolume, move.From, cancel) is not null,
            copy is not null, copy?.Move == move.Id.ToString());
    }
}

/// <summary>A machine that something is on does not answer.</summary>
internal sealed class MemberAwayException(string member) : Exception($"machine {member} does not answer")
{
    /// <summary>The fault of a desktop that is on such a machine.</summary>
    public const string Fault = "member-away";
}
