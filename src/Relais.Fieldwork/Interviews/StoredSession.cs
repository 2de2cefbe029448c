using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Interviews;

/// <summary>An interview walked again from its stored steps.</summary>
/// <param name="Refused">Why the first of the new steps that does not fit was refused; null when all fit.</param>
/// <param name="Stored">The steps that are stored.</param>
internal sealed record StoredSession(FormSession Session, FormProblem? Refused, IReadOnlyList<InterviewEvent> Stored)
{
    /// <param name="fresh">Steps that are not stored yet, to come after those that are.</param>
    public static async Task<StoredSession> ReadAsync(FieldworkDb db, Interview interview, IReadOnlyList<FormEvent> fresh, CancellationToken cancel)
    {
        var program = await Questionnaires.ProgramAsync(db, interview.QuestionnaireId, cancel);
        var rows = await db.InterviewEvents.AsNoTracking().Where(e => e.InterviewId == interview.Id).OrderBy(e => e.Sequence).ToListAsync(cancel);
        var session = FormSession.Restore(program, interview.Start(), rows.Select(r => r.ToForm()).Concat(fresh), out var refused);
        return new StoredSession(session, refused, rows);
    }

    /// <summary>Asks for a slot in the cells of what is known by now, when that has changed. Without a hold there is none to have: the end asks again.</summary>
    public async Task ScreenAsync(FieldworkDb db, Interview interview, FieldworkOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var values = QuotaValues();
        var written = FieldworkJson.Write(values);
        if (written == interview.Screened)
            return;
        var request = new ScreenCase.Request(Guid.CreateVersion7(clock.GetUtcNow()), interview.Fence, values);
        var screened = await ScreenCase.HandleAsync(interview.CaseId, request, interview.PersonId, db, options, clock, cancel);
        if (screened.State == "lost")
            return;
        (interview.Screened, interview.QuotaFull) = (written, screened.State == "full");
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The answers that quotas look at, by variable.</summary>
    public Dictionary<string, string> QuotaValues()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var question in Session.Program.Form.Questions())
        {
            if (question is { Quota: { } variable, Path: { } path } && Session.Value(path) is { Length: > 0 } value)
                values[variable] = value;
        }

        return values;
    }
}
