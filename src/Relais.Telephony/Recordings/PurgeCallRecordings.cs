using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Kernel.Audit;
using Relais.Telephony.Quality;

namespace Relais.Telephony.Recordings;

/// <summary>
/// At the start and now and then, for the recordings of this node: closes those that a killed server left open, deletes those whose time is over and that nobody
/// holds, and puts files and rows that have lost each other in order.
/// </summary>
internal sealed class PurgeCallRecordings(
    WatchedCalls watched, CallRecordingFolder folder, IServiceScopeFactory scopes, IDataProtectionProvider protection, IOptions<CallRecordingOptions> options,
    IOptions<TelephonyOptions> telephony, TimeProvider clock, ILogger<PurgeCallRecordings> log) : BackgroundService
{
    private const int AtOnce = 500;

    // Files that no row knows, as after a database that was set back: kept for as long as recordings usually are.
    private static readonly TimeSpan Settled = TimeSpan.FromDays(90);

    private string Node => telephony.Value.Node;

    /// <summary>One round.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TelephonyDb>();
        await CloseInterruptedAsync(db, cancel);
        await FindMissingAsync(db, cancel);
        await PurgeAsync(db, cancel);
        await PurgeStraysAsync(db, cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                TelephonyLog.PurgeFailed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.PurgeEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Nobody carries the call any more: a call is watched before its row says that it is recorded, and until the row says how that ended.
    private async Task CloseInterruptedAsync(TelephonyDb db, CancellationToken cancel)
    {
        var open = await db.Recordings.Where(r => r.Node == Node && r.State == CallRecordingState.Running).ToListAsync(cancel);
        foreach (var row in open.Where(r => watched.Find(r.CallId) is null))
        {
            await FollowCall.MeasureAsync(row, folder, protection, cancel);
            if (row.State is CallRecordingState.Interrupted)
                db.Audit(clock, Actor.System, "call-recording.recovered", $"call:{row.CallId}", "");
            await db.SaveChangesAsync(cancel);
        }
    }

    private async Task FindMissingAsync(TelephonyDb db, CancellationToken cancel)
    {
        var known = await db.Recordings
            .Where(r => r.Node == Node && r.GoneAt == null && r.State != CallRecordingState.Running && r.State != CallRecordingState.Missing).ToListAsync(cancel);
        foreach (var row in known.Where(r => folder.Find(r) is null))
        {
            row.State = CallRecordingState.Missing;
            db.Audit(clock, Actor.System, "call-recording.missing", $"call:{row.CallId}", "");
        }

        await db.SaveChangesAsync(cancel);
    }

    // First the file and then the row: what is stopped between the two is done at the next look.
    private async Task PurgeAsync(TelephonyDb db, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        List<CallRecording> due;
        do
        {
            due = await db.Recordings
                .Where(r => r.Node == Node && r.GoneAt == null && r.State != CallRecordingState.Running && r.HeldAt == null && r.KeepUntil < now)
                .OrderBy(r => r.KeepUntil).Take(AtOnce).ToListAsync(cancel);
            foreach (var row in due)
            {
                if (folder.Find(row) is { } path)
                    File.Delete(path);
                row.Forget(CallRecordingState.Purged, now, null);
                db.Audit(clock, Actor.System, "call-recording.purged", $"call:{row.CallId}", "");
            }

            await db.SaveChangesAsync(cancel);
        }
        while (due.Count == AtOnce);
    }

    private async Task PurgeStraysAsync(TelephonyDb db, CancellationToken cancel)
    {
        if (!Directory.Exists(folder.Path))
            return;
        var settled = clock.GetUtcNow() - Settled;
        var old = Directory.EnumerateFiles(folder.Path, "*.rlr", SearchOption.AllDirectories)
            .Where(f => File.GetLastWriteTimeUtc(f) < settled.UtcDateTime).Select(f => Path.GetRelativePath(folder.Path, f)).ToList();
        foreach (var some in old.Chunk(AtOnce))
        {
            var known = await db.Recordings.Where(r => some.Contains(r.File) && r.GoneAt == null).Select(r => r.File).ToListAsync(cancel);
            foreach (var stray in some.Except(known, StringComparer.Ordinal))
            {
                File.Delete(Path.Combine(folder.Path, stray));
                db.Audit(clock, Actor.System, "call-recording.purged", "", stray);
            }

            await db.SaveChangesAsync(cancel);
        }
    }
}
