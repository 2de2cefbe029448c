using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Calls;

/// <summary>Tells telephony which question was asked when, so that whoever listens to the call's recording finds it.</summary>
internal sealed class MarkQuestions(FieldworkDb db, Switchboard calls, ICallMarks marks)
{
    /// <param name="steps">Those that were stored just now, in their order.</param>
    public async Task HandleAsync(Guid interview, long caseId, Guid person, IReadOnlyList<FormEvent> steps, CancellationToken cancel)
    {
        if (!steps.Any(s => s.Kind == FormEventKind.Answer)
            || await db.Holds.AsNoTracking().Where(h => h.CaseId == caseId && h.PersonId == person).Select(h => h.CallId).SingleOrDefaultAsync(cancel) is not { } call
            || await calls.FindAsync(call, cancel) is not { AnsweredAt: { } answered })
            return;
        var before = steps[0].Sequence - 1;
        // A question is asked when the one before is answered.
        var asked = await db.InterviewEvents.AsNoTracking().Where(e => e.InterviewId == interview && e.Sequence == before).Select(e => (DateTimeOffset?)e.At).SingleOrDefaultAsync(cancel) ?? answered;
        var made = new List<CallMark>();
        foreach (var step in steps)
        {
            if (step.Kind == FormEventKind.Answer && asked >= answered)
                made.Add(new CallMark((int)(asked - answered).TotalMilliseconds, step.Path[(step.Path.LastIndexOf('/') + 1)..]));
            asked = step.At;
        }

        await marks.AddAsync(call, made, cancel);
    }
}
