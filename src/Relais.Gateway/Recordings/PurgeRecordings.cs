using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Recordings;

/// <summary>
/// Now and then, on one node at a time, for the recordings of this node: closes those that a stopped server left open, deletes those whose
/// time is over and that nobody holds, and puts files and rows that have lost each other in order.
/// </summary>
internal sealed class PurgeRecordings(
    LiveSessions live, RecordingFolder folder, IServiceScopeFactory scopes, NpgsqlDataSource database, IDataProtectionProvider protection,
    IOptions<RecordingOptions> options, TimeProvider clock, ILogger<PurgeRecordings> log)
    : BackgroundService
{
    private const int AtOnce = 500;

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
                GatewayLog.PurgeFailed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.PurgeEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round; does nothing, and says so, while another one is at it.</summary>
    internal async Task<bool> LookAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('relais.gateway.recordings'))", connection);
        if (await take.ExecuteScalarAsync(cancel) is not true)
            return false;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
            await CloseTornAsync(db, cancel);
            await FindMissingAsync(db, cancel);
            await PurgeAsync(db, cancel);
            await PurgeStraysAsync(db, cancel);
            // Of sessions and watches whose server was killed.
            var stale = clock.GetUtcNow() - TimeSpan.FromDays(1);
            await db.Pictures.Where(p => p.At < stale).ExecuteDeleteAsync(cancel);
            return true;
        }
        finally
        {
            await using var give = new NpgsqlCommand("SELECT pg_advisory_unlock(hashtext('relais.gateway.recordings'))", connection);
            await give.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private DateTimeOffset Oldest => clock.GetUtcNow() - TimeSpan.FromDays(options.Value.KeepDays);

    // Nobody here carries the connection any more: the server was killed.
    private async Task CloseTornAsync(GatewayDb db, CancellationToken cancel)
    {
        var running = await db.Recordings.Where(r => r.Node == RecordingFolder.Node && r.State == RecordingState.Running).ToListAsync(cancel);
        var carried = live.All.Select(l => (l.SessionId, l.Connection)).ToHashSet();
        foreach (var row in running.Where(r => !carried.Contains((r.SessionId, r.Connection))))
            await MeasureAsync(row, cancel);
        await db.SaveChangesAsync(cancel);
    }

    private async Task MeasureAsync(Recording row, CancellationToken cancel)
    {
        row.State = RecordingState.Missing;
        if (folder.Find(row) is not { } path)
            return;
        row.LengthBytes = new FileInfo(path).Length;
        await using var reading = await RecordingFile.OpenAsync(path, RecordingFacts.Protector(protection), cancel);
        if (reading is null)
            return;
        while (await reading.NextAsync(cancel) is not null)
            row.Duration = reading.Time;
        row.State = reading.IsWhole ? RecordingState.Whole : RecordingState.Torn;
    }

    private async Task FindMissingAsync(GatewayDb db, CancellationToken cancel)
    {
        var known = await db.Recordings
            .Where(r => r.Node == RecordingFolder.Node && r.State != RecordingState.Running && r.State != RecordingState.Missing)
            .ToListAsync(cancel);
        foreach (var row in known.Where(r => folder.Find(r) is null))
        {
            row.State = RecordingState.Missing;
            Note(db, "recording.missing", row, "its file is gone");
        }

        await db.SaveChangesAsync(cancel);
    }

    // First the file and then the row: what is stopped between the two is done at the next look.
    private async Task PurgeAsync(GatewayDb db, CancellationToken cancel)
    {
        var oldest = Oldest;
        List<Recording> due;
        do
        {
            due = await db.Recordings
                .Where(r => r.Node == RecordingFolder.Node && r.State != RecordingState.Running && r.HeldAt == null && r.StartedAt < oldest)
                .OrderBy(r => r.StartedAt).Take(AtOnce).ToListAsync(cancel);
            foreach (var row in due)
            {
                if (folder.Find(row) is { } path)
                    File.Delete(path);
                db.Recordings.Remove(row);
                Note(db, "recording.purged", row, "its time is over");
            }

            await db.SaveChangesAsync(cancel);
        }
        while (due.Count == AtOnce);
    }

    // Files that no row knows, as after a database that was set back: kept for as long as a recording is, and then deleted too.
    private async Task PurgeStraysAsync(GatewayDb db, CancellationToken cancel)
    {
        if (!Directory.Exists(folder.Path))
            return;
        var oldest = Oldest;
        var old = Directory.EnumerateFiles(folder.Path, "*.rlr", SearchOption.AllDirectories)
            .Where(f => File.GetLastWriteTimeUtc(f) < oldest.UtcDateTime).Select(f => Path.GetRelativePath(folder.Path, f)).ToList();
        foreach (var some in old.Chunk(AtOnce))
        {
            var known = await db.Recordings.Where(r => some.Contains(r.File)).Select(r => r.File).ToListAsync(cancel);
            foreach (var stray in some.Except(known, StringComparer.Ordinal))
            {
                File.Delete(Path.Combine(folder.Path, stray));
                db.Audit(clock, Actor.System, "recording.purged", "", stray, new { why = "no row knew it, and its time is over", file = stray });
            }

            await db.SaveChangesAsync(cancel);
        }
    }

    private void Note(GatewayDb db, string action, Recording row, string why) => db.Audit(
        clock, Actor.System, action, $"{row.TargetKind}:{row.TargetId}", row.TargetName,
        new { recording = row.Id, session = row.SessionId, person = row.PersonId, started = row.StartedAt, why });
}
