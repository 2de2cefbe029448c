using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Audience.Inputs;
using Relais.Kernel.Audit;

namespace Relais.Audience.Waves;

/// <summary>What a form says of a new wave.</summary>
internal sealed record WaveFields(Guid? StudyId, string? Name, DateOnly? From, DateOnly? Until, Guid? UniverseId);

internal abstract record WaveResult
{
    private WaveResult() { }

    public sealed record Saved(Guid Id) : WaveResult;

    /// <param name="Field">The field that is wrong.</param>
    /// <param name="Code">Why, for "Fault.CODE" of the texts.</param>
    public sealed record Refused(string Field, string Code) : WaveResult;
}

/// <summary>Makes waves, and takes them from step to step. Each step is one row, one audit line, one transaction.</summary>
internal sealed class EditWaves(AudienceDb db, TimeProvider clock)
{
    public static string Subject(Wave wave) => $"wave:{wave.Id}";

    public async Task<WaveResult> CreateAsync(WaveFields fields, Actor actor, CancellationToken cancel)
    {
        var name = fields.Name?.Trim() ?? "";
        if (fields.StudyId is not { } study || !await db.Studies.AnyAsync(s => s.Id == study, cancel))
            return new WaveResult.Refused(nameof(WaveFields.StudyId), "study");
        if (name.Length is 0 or > Wave.NameLength)
            return new WaveResult.Refused(nameof(WaveFields.Name), "name");
        if (fields.From is not { } from)
            return new WaveResult.Refused(nameof(WaveFields.From), "day");
        if (fields.Until is not { } until || until < from)
            return new WaveResult.Refused(nameof(WaveFields.Until), "days");
        if (fields.UniverseId is not { } universe || !await db.Universes.AnyAsync(u => u.Id == universe, cancel))
            return new WaveResult.Refused(nameof(WaveFields.UniverseId), "universe");

        var now = clock.GetUtcNow();
        var wave = new Wave { Id = Guid.CreateVersion7(now), StudyId = study, Name = name, From = from, Until = until, UniverseId = universe, CreatedAt = now };
        db.Waves.Add(wave);
        db.Audit(clock, actor, "wave.created", Subject(wave), name, new { study, from, until, universe });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new WaveResult.Refused(nameof(WaveFields.Name), "name-taken");
        }

        return new WaveResult.Saved(wave.Id);
    }

    public Task<StepResult> CloseFieldworkAsync(Guid id, Actor actor, CancellationToken cancel) => StepAsync(id, "wave.fieldwork-closed", actor, null, async wave =>
    {
        var kinds = await db.Inputs.Where(i => i.WaveId == id).Select(i => i.Kind).Distinct().CountAsync(cancel);
        return wave.CloseFieldwork(kinds == Enum.GetValues<InputKind>().Length);
    }, cancel);

    public Task<StepResult> ReopenFieldworkAsync(Guid id, Actor actor, CancellationToken cancel) =>
        StepAsync(id, "wave.fieldwork-reopened", actor, null, wave => Task.FromResult(wave.ReopenFieldwork()), cancel);

    public Task<StepResult> ProposeAsync(Guid id, Guid runId, PersonId person, Actor actor, CancellationToken cancel) =>
        StepAsync(id, "wave.proposed", actor, new { run = runId }, async wave =>
            await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == runId, cancel) is { } run
                ? wave.Propose(run, person, actor.Name, clock.GetUtcNow())
                : StepResult.Missing, cancel);

    public Task<StepResult> SendBackAsync(Guid id, string? reason, Actor actor, CancellationToken cancel)
    {
        var why = reason?.Trim() ?? "";
        why = why.Length > Wave.ReasonLength ? why[..Wave.ReasonLength] : why;
        return StepAsync(id, "wave.sent-back", actor, new { reason = why }, wave => Task.FromResult(wave.SendBack(why)), cancel);
    }

    /// <param name="runId">The run that the person looked at: another one that was proposed meanwhile is not published.</param>
    public Task<StepResult> PublishAsync(Guid id, Guid runId, DateTimeOffset? embargoUntil, PersonId person, Actor actor, CancellationToken cancel) =>
        StepAsync(id, "wave.published", actor, new { run = runId, embargoUntil }, async wave =>
            await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == runId, cancel) is { } run
                ? wave.Publish(run, person, actor.Name, embargoUntil?.ToUniversalTime(), clock.GetUtcNow())
                : StepResult.Missing, cancel);

    /// <param name="until">Null: the embargo ends now.</param>
    public async Task<StepResult> ChangeEmbargoAsync(Guid id, DateTimeOffset? until, string? reason, PersonId person, Actor actor, CancellationToken cancel)
    {
        var why = reason?.Trim() ?? "";
        if (why.Length is 0 or > Wave.ReasonLength)
            return StepResult.ReasonMissing;
        var before = await db.Waves.AsNoTracking().Where(w => w.Id == id).Select(w => w.EmbargoUntil).SingleOrDefaultAsync(cancel);
        return await StepAsync(id, "wave.embargo-changed", actor, new { before, until, reason = why }, async wave =>
            await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == wave.RunId, cancel) is { } run
                ? wave.ChangeEmbargo(run, person, until?.ToUniversalTime(), clock.GetUtcNow())
                : StepResult.EmbargoOver, cancel);
    }

    private async Task<StepResult> StepAsync(Guid id, string action, Actor actor, object? detail, Func<Wave, Task<StepResult>> step, CancellationToken cancel)
    {
        if (await db.Waves.SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } wave)
            return StepResult.Missing;
        var result = await step(wave);
        if (result != StepResult.Done)
            return result;
        db.Audit(clock, actor, action, Subject(wave), wave.Name, detail);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return StepResult.Overtaken;
        }

        return StepResult.Done;
    }
}
