using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Audience.Inputs;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;

namespace Relais.Audience.Runs;

internal abstract record StartResult
{
    private StartResult() { }

    public sealed record Queued(Guid Run) : StartResult;

    public sealed record Refused(StepResult Why) : StartResult;
}

/// <summary>Asks for a run of a wave as its files and settings are now, or for the same run again, and asks one to stop.</summary>
internal sealed class StartRun(AudienceDb db, TimeProvider clock)
{
    /// <summary>What notes the result of a run by: the program and its version.</summary>
    public static string Software { get; } = $"relais {typeof(StartRun).Assembly.GetName().Version?.ToString(3)}";

    public static string Subject(Guid run) => $"run:{run}";

    public async Task<StartResult> HandleAsync(Guid waveId, PersonId person, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == waveId, cancel) is not { } wave)
            return new StartResult.Refused(StepResult.Missing);
        if (wave.State != WaveState.Weighting)
            return new StartResult.Refused(StepResult.WrongState);
        var respondents = await ImportFile.LatestAsync(db, waveId, InputKind.Respondents, cancel);
        var listening = await ImportFile.LatestAsync(db, waveId, InputKind.Listening, cancel);
        if (respondents is null || listening is null)
            return new StartResult.Refused(StepResult.FilesMissing);
        var settings = (await LatestSettings.OfAsync(db, wave, cancel)).ToJson();
        return await QueueAsync(wave, respondents.Id, listening.Id, respondents.Sha256, listening.Sha256, settings, person, actor, cancel);
    }

    /// <summary>The same files and settings again, to see that the result is the same.</summary>
    public async Task<StartResult> AgainAsync(Guid runId, PersonId person, Actor actor, CancellationToken cancel)
    {
        if (await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == runId, cancel) is not { } run)
            return new StartResult.Refused(StepResult.Missing);
        var wave = await db.Waves.AsNoTracking().SingleAsync(w => w.Id == run.WaveId, cancel);
        return await QueueAsync(wave, run.RespondentsId, run.ListeningId, run.RespondentsSha256, run.ListeningSha256, run.Settings, person, actor, cancel);
    }

    /// <returns>False when it is over already.</returns>
    public async Task<bool> CancelAsync(Guid runId, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var queued = await db.Runs.Where(r => r.Id == runId && r.State == RunState.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Cancelled).SetProperty(r => r.FinishedAt, now), cancel);
        var running = await db.Runs.Where(r => r.Id == runId && r.State == RunState.Running && !r.CancelAsked)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.CancelAsked, true), cancel);
        if (queued + running == 0)
            return false;
        db.Audit(clock, actor, "run.cancelled", Subject(runId));
        await db.SaveChangesAsync(cancel);
        await NotifyAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task<StartResult> QueueAsync(
        Wave wave, Guid respondents, Guid listening, string respondentsSha, string listeningSha, string settings, PersonId person, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var run = new Run
        {
            Id = Guid.CreateVersion7(now), WaveId = wave.Id, Number = 1 + (await db.Runs.Where(r => r.WaveId == wave.Id).MaxAsync(r => (int?)r.Number, cancel) ?? 0),
            RespondentsId = respondents, ListeningId = listening, RespondentsSha256 = respondentsSha, ListeningSha256 = listeningSha,
            Settings = settings, SettingsSha256 = RunSettings.Hash(settings), Software = Software,
            RequestedById = person.Value, RequestedByName = actor.Name, RequestedAt = now,
        };
        db.Runs.Add(run);
        db.Audit(clock, actor, "run.asked", Subject(run.Id), $"{wave.Name} · {run.Number}", new { wave = wave.Id, respondents = respondentsSha, listening = listeningSha, settings = run.SettingsSha256 });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new StartResult.Refused(StepResult.Overtaken);
        }

        await NotifyAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new StartResult.Queued(run.Id);
    }

    private Task NotifyAsync(CancellationToken cancel) => db.Database.ExecuteSqlRawAsync($"NOTIFY {RunWorker.Channel}", cancel);
}
