using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;
using Relais.Kernel.Events;

namespace Relais.Fieldwork.Reviews;

/// <summary>
/// A supervisor accepts a completed interview, rejects it, or undoes a rejection. One transaction each: the interview, its quota slots, its case, what the
/// neighbours are told, and the audit line. The case is locked first, as everywhere.
/// </summary>
internal sealed class ReviewInterviews(FieldworkDb db, Outbox outbox, TimeProvider clock)
{
    /// <summary>What a rejected interview's case may end with, instead of being called again.</summary>
    public static readonly IReadOnlyList<string> Ends = ["other", "not-eligible", "out-of-sample", "refused", "unable", "unknown"];

    private const string LockCase = "SELECT c.* FROM fieldwork.cases c JOIN fieldwork.interview i ON i.case_id = c.id WHERE i.id = {0} FOR UPDATE OF c";

    private const string LockInterview = "SELECT * FROM fieldwork.interview WHERE id = {0} FOR UPDATE";

    private const string Turn = "UPDATE fieldwork.cases SET state = $2, due_at = $3, pool_id = $4, outcome = $5 WHERE id = $1";

    private const string Wake = "UPDATE fieldwork.pool SET due_at = $2 WHERE id = $1 AND due_at > $2";

    private const string CalledSince = """
        SELECT EXISTS (SELECT 1 FROM fieldwork.hold WHERE case_id = $1) OR EXISTS (SELECT 1 FROM fieldwork.attempt WHERE case_id = $1 AND until > $2)
          OR EXISTS (SELECT 1 FROM fieldwork.interview WHERE case_id = $1 AND id <> $3 AND state IN (0, 1))
        """;

    public Task<EditResult> AcceptAsync(Guid id, Actor actor, CancellationToken cancel) => db.InTurnAsync<EditResult>(async () =>
    {
        var (_, interview) = await LockAsync(id, cancel);
        if (interview is null)
            return new EditResult.Missing();
        if (interview.State != InterviewState.Completed)
            return new EditResult.Refused("State", "review-state");
        interview.AcceptedAt = clock.GetUtcNow();
        return await KeepAsync(interview, new Review { InterviewId = id, Verdict = Verdict.Accepted, ByName = actor.Name, At = interview.AcceptedAt.Value }, "interview.accepted", actor, cancel);
    }, cancel);

    /// <param name="after"><see cref="Review.CallAgain"/>, or one of <see cref="Ends"/>.</param>
    /// <param name="tell">Whether the interviewer is told, with the reason.</param>
    public Task<EditResult> RejectAsync(Guid id, string? reason, string? after, bool tell, Actor actor, CancellationToken cancel) => db.InTurnAsync(async () =>
    {
        if (reason?.Trim() is not { Length: > 0 and <= Review.ReasonLength } why)
            return new EditResult.Refused("Reason", "review-reason");
        if (after is null || (after != Review.CallAgain && !Ends.Contains(after, StringComparer.Ordinal)))
            return new EditResult.Refused("After", "review-after");
        var (row, interview) = await LockAsync(id, cancel);
        if (row is null || interview is null)
            return new EditResult.Missing();
        if (interview.State != InterviewState.Completed)
            return new EditResult.Refused("State", "review-state");
        var now = clock.GetUtcNow();
        if (!await TurnAsync(row, after, now, cancel))
            return new EditResult.Refused("After", "review-tries");
        var cells = await QuotaSlots.GiveBackAsync(db, row.Id, cancel);
        (interview.State, interview.AcceptedAt) = (InterviewState.Rejected, null);
        await TellInterview.RejectedAsync(db, outbox, interview, undone: false, now, cancel);
        if (tell)
        {
            var key = await db.Records.AsNoTracking().Where(r => r.CaseId == row.Id).Select(r => r.Key).SingleAsync(cancel);
            var text = $"{key} : {why}";
            db.Notices.Add(new Notice { PersonId = interview.PersonId, Kind = Notice.InterviewRejected, Text = text.Length > Notice.TextLength ? text[..Notice.TextLength] : text, ByName = actor.Name, At = now });
        }

        return await KeepAsync(
            interview, new Review { InterviewId = id, Verdict = Verdict.Rejected, Reason = why, After = after, Cells = cells, ByName = actor.Name, At = now }, "interview.rejected", actor, cancel);
    }, cancel);

    /// <summary>Undoes a rejection, while its slots are free and nobody called the case since.</summary>
    public Task<EditResult> RestoreAsync(Guid id, Actor actor, CancellationToken cancel) => db.InTurnAsync(async () =>
    {
        var (row, interview) = await LockAsync(id, cancel);
        if (row is null || interview is null)
            return new EditResult.Missing();
        if (interview.State != InterviewState.Rejected
            || await db.Reviews.AsNoTracking().Where(r => r.InterviewId == id).OrderByDescending(r => r.Id).FirstOrDefaultAsync(cancel) is not { Verdict: Verdict.Rejected } rejected)
            return new EditResult.Refused("State", "review-state");
        if (await db.ScalarAsync<bool>(CalledSince, [row.Id, rejected.At, id], cancel))
            return new EditResult.Refused("State", "review-called-since");
        var now = clock.GetUtcNow();
        if (await QuotaSlots.TakeBackAsync(db, row.Id, rejected.Cells, now, cancel) is not null)
            return new EditResult.Refused("State", "review-cell-full");
        await db.ExecuteAsync(Turn, [row.Id, (short)CaseState.Done, row.DueAt, row.PoolId, Outcome.CompleteId], cancel);
        interview.State = InterviewState.Completed;
        await TellInterview.RejectedAsync(db, outbox, interview, undone: true, now, cancel);
        return await KeepAsync(interview, new Review { InterviewId = id, Verdict = Verdict.Restored, Cells = rejected.Cells, ByName = actor.Name, At = now }, "interview.restored", actor, cancel);
    }, cancel);

    private async Task<(Case? Row, Interview? Interview)> LockAsync(Guid id, CancellationToken cancel)
    {
        var row = await db.Cases.FromSqlRaw(LockCase, id).AsNoTracking().SingleOrDefaultAsync(cancel);
        return row is null ? (null, null) : (row, await db.Interviews.FromSqlRaw(LockInterview, id).SingleAsync(cancel));
    }

    private async Task<EditResult> KeepAsync(Interview interview, Review review, string action, Actor actor, CancellationToken cancel)
    {
        db.Reviews.Add(review);
        // Not the reason: it may speak of the respondent, and what is in the trail cannot be erased.
        db.Audit(clock, actor, action, EditStudies.Subject(interview.WaveId), $"case:{interview.CaseId}", new { interview = interview.Id, review.After, review.Cells });
        await db.SaveChangesAsync(cancel);
        return new EditResult.Saved(interview.Id);
    }

    // False: the rules allow no further call. The respondent was spoken to and there is no interview, which is what AAPOR's 2.36 says until another call tells more.
    private async Task<bool> TurnAsync(Case row, string after, DateTimeOffset now, CancellationToken cancel)
    {
        var outcome = Outcome.Find(after == Review.CallAgain ? "other" : after) ?? throw new InvalidOperationException($"No outcome {after}.");
        if (after != Review.CallAgain)
        {
            await db.ExecuteAsync(Turn, [row.Id, (short)CaseState.Done, row.DueAt, row.PoolId, outcome.Id], cancel);
            return true;
        }

        var pool = await db.Pools.AsNoTracking().SingleAsync(p => p.Id == row.PoolId, cancel);
        var wave = await db.Waves.AsNoTracking().SingleAsync(w => w.Id == row.WaveId, cancel);
        var rules = WaveRules.Parse(wave.Rules);
        var spent = EndedCall.Spent(row, rules);
        if (row.Tries >= rules.MostTries || WaveRules.Calendar(wave.Rules, pool.Zone).NextOpen(now, spent) is not { } due)
            return false;
        var into = await EndedCall.PoolAsync(db, pool, spent, cancel);
        await db.ExecuteAsync(Turn, [row.Id, (short)CaseState.Ready, due, into, outcome.Id], cancel);
        await db.ExecuteAsync(Wake, [into, due], cancel);
        return true;
    }
}
