using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Kernel.Audit;
using Relais.Recordings;
using Relais.Telephony.Calls;
using Relais.Telephony.Lines;
using Relais.Telephony.Quality;

namespace Relais.Telephony.Recordings;

/// <summary>From a call's answer to its end: listens to it, records it where the policy says so, and writes down what came of it.</summary>
internal sealed class FollowCall(
    TelephonyDb db, TrunkLines lines, WatchedCalls watched, CallRecordingFolder folder, IDataProtectionProvider protection, IOptions<CallRecordingOptions> options,
    IOptions<QualityOptions> quality, TimeProvider clock, ILogger<FollowCall> log)
{
    /// <summary>Values of each channel that a page draws.</summary>
    private const int Peaks = 1000;

    /// <summary>Whether a call may be placed as far as its recording goes: not one that must be recorded and cannot be.</summary>
    public async Task<bool> MayPlaceAsync(Guid call, string study, CancellationToken cancel) =>
        await PolicyAsync(study, cancel) is not { Mode: RecordingMode.Mandatory } policy || !policy.Takes(call) || folder.HasRoom();

    /// <summary>The call was answered.</summary>
    public async Task AnsweredAsync(Call call, CancellationToken cancel)
    {
        if (lines.VoiceOf(call.Id) is not { } voice || watched.Find(call.Id) is not null)
            return;
        var policy = await PolicyAsync(call.Study, cancel);
        CallRecorder? recorder = null;
        if (policy?.Takes(call.Id) == true)
        {
            var row = new CallRecording
            {
                CallId = call.Id, StartedAt = clock.GetUtcNow(), Node = call.Node, File = CallRecording.FileOf(call.Id, clock.GetUtcNow()), KeepUntil = clock.GetUtcNow().AddDays(policy.KeepDays),
                Announced = policy.Announcement is not null,
            };
            recorder = await BeginAsync(row, cancel);
            if (recorder is not null)
                db.Recordings.Add(row);
            else
                db.Audit(clock, Actor.System, "call-recording.dropped", $"call:{call.Id}", "", new { person = call.PersonId });
        }

        watched.Add(new WatchedCall(call.Id, call.PersonId, call.TrunkId, call.AnsweredAt ?? clock.GetUtcNow(), voice, recorder, quality.Value));
        if (recorder is not null && policy?.Announcement is { } announcement)
            voice.Announce(announcement);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The call is over.</summary>
    public async Task EndedAsync(Guid id, CancellationToken cancel)
    {
        if (watched.Find(id) is not { } call)
            return;
        call.StopListening();
        try
        {
            await MeasureCalls.WriteVoicesAsync(db, [(id, call.Findings)], cancel);
            if (call.Recorder is { } recorder)
                await CloseAsync(id, recorder, cancel);
        }
        finally
        {
            // Only now: until then nobody else may take the open recording for one that was left behind.
            watched.Remove(id);
        }
    }

    /// <summary>Says of a recording that nobody closed what its file holds.</summary>
    public static async Task MeasureAsync(CallRecording row, CallRecordingFolder folder, IDataProtectionProvider protection, CancellationToken cancel)
    {
        row.State = CallRecordingState.Missing;
        if (folder.Find(row) is not { } path)
            return;
        using var file = await CallRecordingFile.OpenAsync(path, CallRecordingFacts.Protector(protection), cancel);
        if (file is null || file.Facts.Call != row.CallId)
            return;
        var contents = await file.VerifyAsync(cancel);
        (row.State, row.DurationMs, row.LengthBytes, row.Peaks) =
            (contents.IsWhole ? CallRecordingState.Whole : CallRecordingState.Interrupted, contents.DurationMs, file.LengthBytes, contents.Peaks.Fold(Peaks));
    }

    private async Task CloseAsync(Guid id, CallRecorder recorder, CancellationToken cancel)
    {
        var peaks = await recorder.FinishAsync(Peaks);
        if (await db.Recordings.SingleOrDefaultAsync(r => r.CallId == id, cancel) is not { State: CallRecordingState.Running } row)
            return;
        (row.State, row.DurationMs, row.LengthBytes, row.Peaks) = (CallRecordingState.Whole, recorder.DurationMs, recorder.LengthBytes, peaks);
        if (recorder.Failed)
        {
            await MeasureAsync(row, folder, protection, cancel);
            if (row.State is not CallRecordingState.Missing)
                row.State = CallRecordingState.Dropped;
        }

        await db.SaveChangesAsync(cancel);
    }

    private async Task<RecordingPolicy?> PolicyAsync(string study, CancellationToken cancel)
    {
        var both = await db.RecordingPolicies.AsNoTracking().Where(p => p.Key == study || p.Key == RecordingPolicy.ForOthers).ToListAsync(cancel);
        return both.Find(p => p.Key == study) ?? both.FirstOrDefault();
    }

    private async Task<CallRecorder?> BeginAsync(CallRecording row, CancellationToken cancel)
    {
        var key = RandomNumberGenerator.GetBytes(RecordingSeal.KeyLength);
        FileStream? file = null;
        try
        {
            if (!folder.HasRoom())
            {
                TelephonyLog.NotRecorded(log, row.CallId, null);
                return null;
            }

            file = folder.Create(row);
            var facts = new CallRecordingFacts(CallRecordingFacts.CallKind, row.CallId, row.StartedAt, Convert.ToBase64String(CallRecordingFacts.Protector(protection).Protect(key)));
            var header = facts.Header();
            await file.WriteAsync(header.Write(), cancel);
            var recorder = new CallRecorder(file, header.Length, new RecordingSeal(key), options.Value.Patience);
            file = null;
            return recorder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TelephonyLog.NotRecorded(log, row.CallId, e);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            if (file is not null)
            {
                await file.DisposeAsync();
                File.Delete(file.Name);
            }
        }
    }
}
