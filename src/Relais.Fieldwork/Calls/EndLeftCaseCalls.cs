using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Outcomes;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Calls;

/// <summary>
/// Hangs up calls of cases that their interviewers have no more: the connection of the console died, a supervisor took the case over, its end was recorded. After
/// the end of an interview the line stays open for a while, to say goodbye. Any node, any number of times; the one that carries the call does it.
/// </summary>
internal static class EndLeftCaseCalls
{
    /// <returns>How many were hung up.</returns>
    public static async Task<int> HandleAsync(FieldworkDb db, Switchboard calls, FieldworkOptions options, DateTimeOffset now, CancellationToken cancel)
    {
        var live = await calls.LiveAsync(CaseSubject.Prefix, cancel);
        if (live.Count == 0)
            return 0;
        var people = live.Select(c => c.Person).ToList();
        var (ids, since) = (live.Select(c => (Guid?)c.Id).ToList(), now - options.LineAfterEnd);
        // By the call as well: one that was placed ahead changes hands in two steps.
        var held = await db.Holds.AsNoTracking().Where(h => people.Contains(h.PersonId) || ids.Contains(h.CallId)).Select(h => new { h.PersonId, h.CaseId, h.CallId }).ToListAsync(cancel);
        var ended = await db.Attempts.AsNoTracking()
            .Where(a => ids.Contains(a.CallId) && a.Until > since && a.Outcome != Outcome.LostId && a.Outcome != Outcome.GivenBackId).Select(a => a.CallId).ToListAsync(cancel);
        var left = live.Where(c => !held.Exists(h => (h.PersonId == c.Person || h.CallId == c.Id) && CaseSubject.Of(h.CaseId) == c.Subject) && !ended.Contains(c.Id)).ToList();
        foreach (var call in left)
            await calls.HangUpAsync(call.Id, cancel);
        return left.Count;
    }
}
