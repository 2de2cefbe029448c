using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Fieldwork.Calls;
using Relais.Kernel.Audit;
using Relais.Kernel.Events;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Privacy;

/// <summary>
/// Erases what respondents asked to have erased, and what studies keep no longer. Each case is one transaction, which also strikes it off its request: a server that
/// is killed goes on where it was. On every node; they step over one another.
/// </summary>
internal sealed class CareForErasures(IServiceScopeFactory scopes, TimeProvider clock, ILogger<CareForErasures> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetentionEvery = TimeSpan.FromMinutes(10);

    private const string Next = "SELECT * FROM fieldwork.erasure WHERE done_at IS NULL AND id <> ALL ({0}) ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED";

    private DateTimeOffset _retainedAt = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryAsync(CancellationToken stop)
    {
        try
        {
            await LookAsync(stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // The database may be away for a moment: the next look goes on.
            FieldworkLog.ErasureFailed(log, e);
        }
    }

    internal async Task LookAsync(CancellationToken cancel)
    {
        var waiting = new List<Guid>();
        while (await OneAsync(waiting, cancel))
        {
            // The next case.
        }

        if (clock.GetUtcNow() - _retainedAt < RetentionEvery)
            return;
        _retainedAt = clock.GetUtcNow();
        await RetainAsync(cancel);
    }

    /// <summary>Does one case of one request, or ends a request that has none left.</summary>
    /// <param name="waiting">Requests whose cases somebody has in hand: they are passed over this time.</param>
    /// <returns>Whether there was something to do.</returns>
    private async Task<bool> OneAsync(List<Guid> waiting, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Erasures.FromSqlRaw(Next, [waiting.ToArray()]).SingleOrDefaultAsync(cancel) is not { } erasure)
            return false;
        var now = clock.GetUtcNow();
        var done = false;
        foreach (var id in erasure.Left)
        {
            if (await EraseCase.HandleAsync(db, outbox, id, erasure.AnswersToo, now, cancel) is not { } what)
                continue;
            await scope.ServiceProvider.GetRequiredService<Switchboard>().ForgetNumbersAsync([CaseSubject.Of(id)], cancel);
            erasure.Left = [.. erasure.Left.Where(c => c != id)];
            (erasure.Cases, erasure.Comments, erasure.Interviews, done) = (erasure.Cases + 1, erasure.Comments + what.Remarks, erasure.Interviews + what.Interviews, true);
            break;
        }

        if (erasure.Left.Length == 0)
        {
            erasure.DoneAt = now;
            // The certificate: what was done, for whom is in nobody's hands any more.
            db.Audit(clock, Actor.System, "respondent.erased", $"erasure:{erasure.Id}", "", new { erasure.Cases, erasure.Numbers, remarks = erasure.Comments, erasure.Interviews, erasure.AnswersToo, erasure.AskedAt, erasure.AskedByName });
        }
        else if (!done)
        {
            waiting.Add(erasure.Id);
        }

        await db.SaveChangesAsync(cancel);
        await turn.CommitAsync(cancel);
        return true;
    }

    private async Task RetainAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
        foreach (var id in await DueAsync(db, clock.GetUtcNow(), cancel))
        {
            await using var own = scopes.CreateAsyncScope();
            await EraseWave.HandleAsync(own.ServiceProvider.GetRequiredService<FieldworkDb>(), own.ServiceProvider.GetRequiredService<Switchboard>(), id, clock, cancel);
        }
    }

    private static async Task<List<int>> DueAsync(FieldworkDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var waves = await (from w in db.Waves.AsNoTracking() join s in db.Studies on w.StudyId equals s.Id where s.EraseAfterDays != null && w.ErasedAt == null
                           select new { w.Id, w.Until, Days = s.EraseAfterDays ?? 0 }).ToListAsync(cancel);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return waves.FindAll(w => w.Until.AddDays(w.Days) < today).ConvertAll(w => w.Id);
    }
}
