using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Outcomes;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Board;

/// <summary>A supervisor takes a case out of somebody's hands, gives it to somebody else, or writes to people.</summary>
internal sealed class SteerCases(FieldworkDb db, TimeProvider clock)
{
    /// <summary>Takes a case from whoever has it.</summary>
    /// <param name="to">Who is given it next; null: whoever the rules give it to.</param>
    /// <returns>Whether somebody had it.</returns>
    public Task<bool> ReleaseAsync(long id, Guid? to, Actor actor, CancellationToken cancel) => db.InTurnAsync(async () =>
    {
        var row = await db.Cases.FromSqlRaw("SELECT * FROM fieldwork.cases WHERE id = {0} FOR UPDATE", id).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (row is null || await db.Holds.AsNoTracking().SingleOrDefaultAsync(h => h.CaseId == id, cancel) is not { } hold)
            return false;
        var now = clock.GetUtcNow();
        await ReleaseLost.EndAsync(db, row, hold, Outcome.GivenBack, to, now, cancel);
        // What its holder still sends is refused.
        await db.ExecuteAsync("UPDATE fieldwork.cases SET fence = fence + 1 WHERE id = $1", [id], cancel);
        var key = await db.Records.AsNoTracking().Where(r => r.CaseId == id).Select(r => r.Key).SingleAsync(cancel);
        db.Notices.Add(new Notice { PersonId = hold.PersonId, Kind = Notice.CaseTaken, Text = key, ByName = actor.Name, At = now });
        if (to is not null)
            db.Notices.Add(new Notice { PersonId = to, Kind = Notice.CaseGiven, Text = key, ByName = actor.Name, At = now });
        db.Audit(clock, actor, to is null ? "case.released" : "case.reassigned", $"case:{id}", "", new { from = hold.PersonId, to });
        await db.SaveChangesAsync(cancel);
        return true;
    }, cancel);

    /// <param name="to">Null: to everybody.</param>
    public async Task<bool> TellAsync(Guid? to, string text, Actor actor, CancellationToken cancel)
    {
        if (text.Trim() is not { Length: > 0 and <= Notice.TextLength } said)
            return false;
        db.Notices.Add(new Notice { PersonId = to, Text = said, ByName = actor.Name, At = clock.GetUtcNow() });
        db.Audit(clock, actor, "notice.sent", to is null ? "" : $"person:{to}", "", new { text = said });
        await db.SaveChangesAsync(cancel);
        return true;
    }
}
