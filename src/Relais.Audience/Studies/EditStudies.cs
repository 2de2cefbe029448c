using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Kernel.Audit;

namespace Relais.Audience.Studies;

internal abstract record StudyResult
{
    private StudyResult() { }

    public sealed record Saved(Guid Id) : StudyResult
    {
        /// <summary>What may be a slip of the pen, and did not keep it from being saved.</summary>
        public IReadOnlyList<SettingFault> Doubts { get; init; } = [];
    }

    public sealed record Refused(IReadOnlyList<SettingFault> Faults) : StudyResult;

    public sealed record Missing : StudyResult;

    public sealed record Overtaken : StudyResult;
}

/// <summary>Makes studies, and adds versions of their settings.</summary>
internal sealed class EditStudies(AudienceDb db, TimeProvider clock)
{
    /// <param name="id">Null: a new one.</param>
    public async Task<StudyResult> SaveAsync(Guid? id, StudyFields fields, Actor actor, CancellationToken cancel)
    {
        var faults = new List<SettingFault>();
        var name = fields.Name?.Trim() ?? "";
        if (name.Length is 0 or > Study.NameLength)
            faults.Add(new SettingFault(nameof(StudyFields.Name), "name"));
        if (ReadSettings.From(fields, faults) is not { } settings)
            return new StudyResult.Refused(faults);
        var (wrong, doubts) = id is { } known ? await CheckTargets.AgainstRespondentsAsync(db, known, settings.Columns, fields.Targets, cancel) : ([], []);
        if (wrong.Count > 0)
            return new StudyResult.Refused(wrong);
        var result = await SaveAsync(id, name, settings, actor, cancel);
        return result is StudyResult.Saved saved ? saved with { Doubts = doubts } : result;
    }

    public async Task<StudyResult> SaveAsync(Guid? id, string name, StudySettings settings, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var study = id is null
            ? new Study { Id = Guid.CreateVersion7(now), Name = name, CreatedAt = now }
            : await db.Studies.SingleOrDefaultAsync(s => s.Id == id, cancel);
        if (study is null)
            return new StudyResult.Missing();
        if (id is null)
            db.Studies.Add(study);
        study.Name = name;
        study.LatestVersion++;
        db.StudyVersions.Add(new StudyVersion { StudyId = study.Id, Number = study.LatestVersion, At = now, ByName = actor.Name, Settings = AudienceJson.Write(settings) });
        db.Audit(clock, actor, id is null ? "study.created" : "study.changed", $"study:{study.Id}", name, new { version = study.LatestVersion });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new StudyResult.Overtaken();
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new StudyResult.Refused([new SettingFault(nameof(StudyFields.Name), "name-taken")]);
        }

        return new StudyResult.Saved(study.Id);
    }
}
