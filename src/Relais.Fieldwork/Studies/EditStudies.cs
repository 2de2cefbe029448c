using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Fieldwork.Rules;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Studies;

/// <summary>What a change came to.</summary>
internal abstract record EditResult
{
    private EditResult() { }

    public sealed record Saved(Guid Id) : EditResult;

    public sealed record SavedWave(int Id) : EditResult;

    /// <param name="Field">The field that is wrong.</param>
    /// <param name="Code">Why, for "Fault.CODE" of the texts.</param>
    public sealed record Refused(string Field, string Code) : EditResult;

    public sealed record Missing : EditResult;
}

/// <summary>What a form says of a wave.</summary>
internal sealed record WaveFields(string? Name, DateOnly? From, DateOnly? Until, int Target = 0, int Priority = 5, CallRules? Rules = null);

/// <summary>Makes studies, adds versions of their questionnaires, makes waves and takes them from state to state.</summary>
internal sealed class EditStudies(FieldworkDb db, TimeProvider clock)
{
    public static string Subject(int wave) => $"fieldwork-wave:{wave}";

    public async Task<EditResult> AddAsync(string? name, Actor actor, CancellationToken cancel)
    {
        if (Trimmed(name, Study.NameLength) is not { } given)
            return new EditResult.Refused("Name", "name");
        var now = clock.GetUtcNow();
        var study = new Study { Id = Guid.CreateVersion7(now), Name = given, CreatedAt = now };
        db.Studies.Add(study);
        db.Audit(clock, actor, "fieldwork-study.created", $"fieldwork-study:{study.Id}", given);
        return await SaveAsync(cancel) ? new EditResult.Saved(study.Id) : new EditResult.Refused("Name", "name-taken");
    }

    /// <summary>Adds a version. Interviews under way keep the one they began with; waves take this one for new interviews.</summary>
    /// <param name="canonical">What the engine of forms read out of the file.</param>
    public async Task<EditResult> AddQuestionnaireAsync(
        Guid studyId, string title, string fileName, byte[] file, string canonical, Actor actor, CancellationToken cancel)
    {
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        var study = await db.Studies.FromSqlRaw("SELECT * FROM fieldwork.study WHERE id = {0} FOR UPDATE", studyId).SingleOrDefaultAsync(cancel);
        if (study is null)
            return new EditResult.Missing();
        var now = clock.GetUtcNow();
        var questionnaire = new Questionnaire
        {
            Id = Guid.CreateVersion7(now), StudyId = studyId, Number = ++study.LatestQuestionnaire, Title = Trimmed(title, Questionnaire.TitleLength) ?? study.Name,
            FileName = Path.GetFileName(fileName), File = file, Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)), Canonical = canonical,
            ImportedAt = now, ImportedByName = actor.Name,
        };
        db.Questionnaires.Add(questionnaire);
        db.Audit(clock, actor, "questionnaire.imported", $"fieldwork-study:{studyId}", study.Name, new { questionnaire.Number, questionnaire.Sha256 });
        await db.SaveChangesAsync(cancel);
        await db.Waves.Where(w => w.StudyId == studyId && w.State != WaveState.Closed)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.QuestionnaireId, questionnaire.Id), cancel);
        await turn.CommitAsync(cancel);
        return new EditResult.Saved(questionnaire.Id);
    }

    public async Task<EditResult> AddWaveAsync(Guid studyId, WaveFields fields, Actor actor, CancellationToken cancel)
    {
        if (await db.Studies.AsNoTracking().SingleOrDefaultAsync(s => s.Id == studyId, cancel) is not { } study)
            return new EditResult.Missing();
        if (Trimmed(fields.Name, Wave.NameLength) is not { } name)
            return new EditResult.Refused("Name", "name");
        if (fields.From is not { } from || fields.Until is not { } until || until < from)
            return new EditResult.Refused("Until", "days");
        var rules = fields.Rules ?? new CallRules();
        if (rules.Fault() is { } fault)
            return new EditResult.Refused("Rules", $"rules-{fault}");
        var latest = await db.Questionnaires.Where(q => q.StudyId == studyId && q.Number == study.LatestQuestionnaire).Select(q => (Guid?)q.Id).SingleOrDefaultAsync(cancel);
        var wave = new Wave
        {
            StudyId = studyId, Name = name, From = from, Until = until, Target = Math.Max(0, fields.Target), Priority = fields.Priority,
            Rules = FieldworkJson.Write(rules), QuestionnaireId = latest, CreatedAt = clock.GetUtcNow(),
        };
        db.Waves.Add(wave);
        db.Audit(clock, actor, "fieldwork-wave.created", $"fieldwork-study:{studyId}", $"{study.Name}, {name}");
        return await SaveAsync(cancel) ? new EditResult.SavedWave(wave.Id) : new EditResult.Refused("Name", "name-taken");
    }

    /// <summary>How long after a wave's end its numbers and sample columns are kept; null: without end.</summary>
    public async Task<EditResult> SetRetentionAsync(Guid id, int? days, Actor actor, CancellationToken cancel)
    {
        if (days is < 0 or > 3650)
            return new EditResult.Refused("Days", "retention");
        if (await db.Studies.SingleOrDefaultAsync(s => s.Id == id, cancel) is not { } study)
            return new EditResult.Missing();
        study.EraseAfterDays = days;
        db.Audit(clock, actor, "fieldwork-study.retention-changed", $"fieldwork-study:{id}", study.Name, new { days });
        await db.SaveChangesAsync(cancel);
        return new EditResult.Saved(id);
    }

    public Task<EditResult> SetRulesAsync(int id, CallRules rules, Actor actor, CancellationToken cancel) =>
        ChangeAsync(id, "fieldwork-wave.rules-changed", actor, rules, wave =>
        {
            if (rules.Fault() is { } fault)
                return new EditResult.Refused("Rules", $"rules-{fault}");
            wave.Rules = FieldworkJson.Write(rules);
            return null;
        }, cancel);

    public Task<EditResult> SetStateAsync(int id, WaveState state, Actor actor, CancellationToken cancel) =>
        ChangeAsync(id, $"fieldwork-wave.{state.ToString().ToLowerInvariant()}", actor, null, wave =>
        {
            if (wave.State == WaveState.Closed || state == WaveState.Preparing)
                return new EditResult.Refused("State", "wave-state");
            wave.State = state;
            return null;
        }, cancel);

    /// <summary>How many completed interviews a day is to bring; 0 takes the target away.</summary>
    public Task<EditResult> SetDayAsync(int id, DateOnly day, int target, Actor actor, CancellationToken cancel) =>
        ChangeAsync(id, "fieldwork-wave.day-changed", actor, new { day, target }, wave =>
        {
            if (day < wave.From || day > wave.Until || target is < 0 or > 1_000_000)
                return new EditResult.Refused("Day", "day");
            var row = db.WaveDays.SingleOrDefault(d => d.WaveId == id && d.Day == day);
            if (row is null)
                db.WaveDays.Add(new WaveDay { WaveId = id, Day = day, Target = target });
            else
                row.Target = target;
            return null;
        }, cancel);

    /// <summary>Lets cases of replicates up to this one be called.</summary>
    public async Task<EditResult> ReleaseReplicatesAsync(int id, int upTo, Actor actor, CancellationToken cancel)
    {
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        var result = await ChangeAsync(id, "fieldwork-wave.replicates-released", actor, new { upTo }, wave =>
        {
            if (upTo <= wave.ReleasedReplicate)
                return new EditResult.Refused("UpTo", "replicate");
            wave.ReleasedReplicate = upTo;
            return null;
        }, cancel);
        if (result is not EditResult.SavedWave)
            return result;
        await db.ExecuteAsync(
            "UPDATE fieldwork.cases SET state = 1, due_at = $3 WHERE wave_id = $1 AND replicate <= $2 AND state = 0", [id, upTo, clock.GetUtcNow()], cancel);
        await db.ExecuteAsync("UPDATE fieldwork.pool SET due_at = $2 WHERE wave_id = $1 AND due_at > $2", [id, clock.GetUtcNow()], cancel);
        await turn.CommitAsync(cancel);
        return result;
    }

    private async Task<EditResult> ChangeAsync(int id, string action, Actor actor, object? detail, Func<Wave, EditResult?> change, CancellationToken cancel)
    {
        if (await db.Waves.SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } wave)
            return new EditResult.Missing();
        if (change(wave) is { } refused)
            return refused;
        db.Audit(clock, actor, action, Subject(id), wave.Name, detail);
        await db.SaveChangesAsync(cancel);
        return new EditResult.SavedWave(id);
    }

    private async Task<bool> SaveAsync(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    private static string? Trimmed(string? text, int longest) => text?.Trim() is { Length: > 0 } trimmed && trimmed.Length <= longest ? trimmed : null;
}
