using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Fieldwork.Dialling;
using Relais.Kernel.Audit;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Studies;

/// <summary>Changes what a wave is called, when it lies, what it is to bring, and which version of the questionnaire new interviews take.</summary>
internal sealed class EditWave(FieldworkDb db, TimeProvider clock)
{
    public async Task<EditResult> SaveAsync(int id, WaveFields fields, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } wave)
            return new EditResult.Missing();
        if (fields.Name?.Trim() is not { Length: > 0 and <= Wave.NameLength } name)
            return new EditResult.Refused("Name", "name");
        if (fields.From is not { } from || fields.Until is not { } until || until < from)
            return new EditResult.Refused("Until", "days");
        if (fields.Target is < 0 or > 10_000_000)
            return new EditResult.Refused("Target", "target");
        if (fields.Priority is < 0 or > 9)
            return new EditResult.Refused("Priority", "priority");
        (wave.Name, wave.From, wave.Until, wave.Target, wave.Priority) = (name, from, until, fields.Target, fields.Priority);
        db.Audit(clock, actor, "fieldwork-wave.changed", EditStudies.Subject(id), name, new { from, until, fields.Target, fields.Priority });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new EditResult.Refused("Name", "name-taken");
        }

        return new EditResult.SavedWave(id);
    }

    /// <summary>Who dials, and which number respondents are shown; both hold from the next call on.</summary>
    public Task<EditResult> SetDiallingAsync(int id, DialMode mode, CallerClass caller, Actor actor, CancellationToken cancel) =>
        SetDiallingAsync(id, mode, caller, null, actor, cancel);

    /// <param name="fields">How Relais calls by itself; null: as before.</param>
    public async Task<EditResult> SetDiallingAsync(int id, DialMode mode, CallerClass caller, DiallerFields? fields, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } wave)
            return new EditResult.Missing();
        if (wave.State == WaveState.Closed)
            return new EditResult.Refused("Dialling", "wave-closed");
        // Whoever is called by an automatic system is to see so (ARCEP, decision 2022-1583).
        if (mode.IsAutomatic() && caller is not CallerClass.Verified)
            return new EditResult.Refused("Caller", "caller-verified");
        if (fields?.Fault() is { } fault)
            return fault;
        (wave.Dialling, wave.Caller) = (mode, caller);
        var dialler = await db.WaveDiallers.SingleOrDefaultAsync(d => d.WaveId == id, cancel);
        if (fields is not null)
        {
            if (dialler is null)
                db.WaveDiallers.Add(dialler = new WaveDialler { WaveId = id });
            fields.Apply(dialler);
        }

        db.Audit(
            clock, actor, "fieldwork-wave.dialling-changed", EditStudies.Subject(id), wave.Name,
            new { mode = mode.ToString(), caller = caller.ToString(), limit = dialler?.AbandonmentLimit, ring = dialler?.RingSeconds, message = dialler?.Message });
        await db.SaveChangesAsync(cancel);
        return new EditResult.SavedWave(id);
    }

    /// <summary>New interviews take this version from now on; those under way keep theirs.</summary>
    public async Task<EditResult> SetQuestionnaireAsync(int id, Guid questionnaire, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } wave)
            return new EditResult.Missing();
        if (wave.State == WaveState.Closed)
            return new EditResult.Refused("Questionnaire", "wave-closed");
        if (await db.Questionnaires.AsNoTracking().Where(q => q.Id == questionnaire && q.StudyId == wave.StudyId).Select(q => (int?)q.Number).SingleOrDefaultAsync(cancel) is not { } version)
            return new EditResult.Refused("Questionnaire", "questionnaire");
        wave.QuestionnaireId = questionnaire;
        db.Audit(clock, actor, "fieldwork-wave.questionnaire-changed", EditStudies.Subject(id), wave.Name, new { version });
        await db.SaveChangesAsync(cancel);
        return new EditResult.SavedWave(id);
    }
}
