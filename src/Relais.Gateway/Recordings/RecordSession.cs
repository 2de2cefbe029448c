using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;
using Relais.Recordings;

namespace Relais.Gateway.Recordings;

/// <summary>Records a connection when its session's rule says so, from its beginning to its end.</summary>
internal sealed class RecordSession(
    GatewayDb db, RecordingFolder folder, IDataProtectionProvider protection, IOptions<RecordingOptions> options, TimeProvider clock)
{
    /// <summary>Begins it and tells the page; ends the session when it must be recorded and cannot be.</summary>
    public async Task StartAsync(Session session, LiveSession held, CancellationToken cancel)
    {
        if (session.Recording == RecordingPolicy.Off)
            return;
        var row = Recording.Of(session, RecordingFolder.Node, clock.GetUtcNow());
        var obstacle = folder.ObstacleFor(session.Protocol, session.UserName) ?? await BeginAsync(row, session, held, cancel);
        if (obstacle is not { } why)
        {
            held.Tell(Notice.Recorded);
            return;
        }

        NoteFailure(row.TargetKind, row.TargetId, row.TargetName, session.Id, session.Connection, session.Recording, why);
        await db.SaveChangesAsync(cancel);
        if (session.Recording == RecordingPolicy.Mandatory)
            held.End(SessionEnd.NotRecorded);
    }

    /// <summary>Writes down a recording that failed in its midst, once, while its session perhaps goes on.</summary>
    public async Task SettleAsync(LiveSession held, CancellationToken cancel)
    {
        if (held.Recording is not { Recorder.Obstacle: { } why } recorded || !recorded.TakeSettling())
            return;
        var row = recorded.Row;
        NoteFailure(row.TargetKind, row.TargetId, row.TargetName, row.SessionId, row.Connection, recorded.Policy, why);
        await db.SaveChangesAsync(cancel);
        await WriteRowAsync(recorded, RecordingState.Dropped, cancel);
        held.Tell(Notice.NotRecorded);
    }

    /// <summary>Closes the file and says in the row how it ended. Of a machine that let nobody in, nothing is kept.</summary>
    public async Task FinishAsync(LiveSession held, CancellationToken cancel)
    {
        if (held.Recording is not { } recorded)
            return;
        await recorded.Recorder.FinishAsync();
        if (recorded.Recorder is { Empty: true, Obstacle: null })
        {
            await db.Recordings.Where(r => r.Id == recorded.Row.Id).ExecuteDeleteAsync(cancel);
            if (folder.Find(recorded.Row) is { } path)
                File.Delete(path);
            return;
        }

        await SettleAsync(held, cancel);
        await WriteRowAsync(recorded, recorded.Recorder.Obstacle is null ? RecordingState.Whole : RecordingState.Dropped, cancel);
    }

    private async Task<RecordingObstacle?> BeginAsync(Recording row, Session session, LiveSession held, CancellationToken cancel)
    {
        var key = options.Value.Encrypt ? RandomNumberGenerator.GetBytes(RecordingSeal.KeyLength) : null;
        // Of a native client nothing is recorded but its picture: see ReplayableStream.
        var clipboard = session.Clipboard != ClipboardPolicy.None && session.Door != GrantDoor.Native;
        var facts = RecordingFacts.Of(
            row, clipboard, key is null ? null : Convert.ToBase64String(RecordingFacts.Protector(protection).Protect(key)));
        FileStream? file = null;
        try
        {
            file = folder.Create(row);
            var header = facts.Header();
            await file.WriteAsync(header.Write(), cancel);
            db.Recordings.Add(row);
            await db.SaveChangesAsync(cancel);
            var mandatory = session.Recording == RecordingPolicy.Mandatory;
            var recorder = new SessionRecorder(file, header.Length, key is null ? null : new RecordingSeal(key), options.Value, mandatory, clock, () =>
            {
                if (mandatory)
                    held.End(SessionEnd.NotRecorded);
            });
            file = null;
            held.Recording = new HeldRecording(row, session.Recording, recorder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SessionRecorder.ObstacleOf(e);
        }
        finally
        {
            if (file is not null)
                await AbandonAsync(file);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static async Task AbandonAsync(FileStream file)
    {
        await file.DisposeAsync();
        File.Delete(file.Name);
    }

    private void NoteFailure(
        string targetKind, Guid targetId, string targetName, Guid session, int connection, RecordingPolicy policy, RecordingObstacle why) =>
        db.Audit(
            clock, Actor.System, policy == RecordingPolicy.Mandatory ? "recording.refused" : "recording.dropped", $"{targetKind}:{targetId}", targetName,
            new { session, connection, why = why.ToString() });

    private Task WriteRowAsync(HeldRecording recorded, RecordingState state, CancellationToken cancel)
    {
        var (duration, length) = (recorded.Recorder.Duration, recorded.Recorder.LengthBytes);
        return db.Recordings.Where(r => r.Id == recorded.Row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, state).SetProperty(r => r.Duration, duration).SetProperty(r => r.LengthBytes, length), cancel);
    }
}

/// <summary>A recording under way.</summary>
internal sealed class HeldRecording(Recording row, RecordingPolicy policy, SessionRecorder recorder)
{
    private int _settling;

    public Recording Row { get; } = row;

    public RecordingPolicy Policy { get; } = policy;

    public SessionRecorder Recorder { get; } = recorder;

    /// <summary>True for the one who is to write down that it failed.</summary>
    public bool TakeSettling() => Interlocked.Exchange(ref _settling, 1) == 0;
}
