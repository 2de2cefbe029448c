using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Telephony.Quality;
using Relais.Telephony.Recordings;

namespace Relais.Tests.Telephony.Recordings;

/// <summary>A server that watches calls closely and is quick to complain, so that tests need not last as long as calls do.</summary>
public class RecordedCallsApp : TelephonyApp
{
    public RecordedCallsApp()
    {
        Settings["Telephony:Quality:MeasureEvery"] = "00:00:00.250";
        Settings["Telephony:Quality:BadFor"] = "00:00:01";
        Settings["Telephony:Quality:DeadAirAfter"] = "00:00:01";
        Settings["Telephony:Quality:UnheardAfter"] = "00:00:02";
    }

    internal WatchedCalls Watched => Services.GetRequiredService<WatchedCalls>();

    internal CallRecordingFolder Folder => Services.GetRequiredService<CallRecordingFolder>();

    internal Task SetPolicyAsync(RecordingMode mode, Action<RecordingPolicy>? change = null) => InTelephonyAsync(async db =>
    {
        await db.RecordingPolicies.ExecuteDeleteAsync();
        var policy = new RecordingPolicy { Key = RecordingPolicy.ForOthers, Mode = mode };
        change?.Invoke(policy);
        db.RecordingPolicies.Add(policy);
        return await db.SaveChangesAsync();
    });

    /// <summary>An answered call to a callee, in which the interviewer says a tone.</summary>
    internal async Task<(Guid Id, Browser Interviewer)> CallAsync(int port, double hertz = 1000, double amplitude = 5000)
    {
        await AddTrunkAsync(port);
        var interviewer = await InterviewerAsync();
        var id = await PlaceAsync(interviewer, "01 23 45 67 00");
        await AnsweredAsync(id);
        await UntilTrueAsync(() => Watched.Find(id) is not null);
        Say(id, hertz, amplitude);
        return (id, interviewer);
    }

    internal void Say(Guid call, double hertz, double amplitude)
    {
        var (tone, at) = (Signals.ALaw(Signals.Tone(hertz, amplitude, 8000)), 0);
        Lines.VoiceOf(call)!.Speak = frame =>
        {
            tone.AsMemory(at, 160).CopyTo(frame);
            at = (at + 160) % 8000;
            return true;
        };
    }

    internal Task RecordedAsync(Guid call, int ms) => UntilTrueAsync(() => Watched.Find(call)?.Recorder?.DurationMs >= ms);

    internal async Task<CallRecording> EndAsync(Guid call, Browser interviewer)
    {
        await HangUpAsync(interviewer, call);
        await EndedAsync(call);
        return await RecordingAsync(call, r => r.State is not CallRecordingState.Running);
    }

    internal async Task<CallRecording> RecordingAsync(Guid call, Func<CallRecording, bool> like)
    {
        CallRecording? found = null;
        await UntilTrueAsync(async () => (found = await InTelephonyAsync(db => db.Recordings.AsNoTracking().SingleOrDefaultAsync(r => r.CallId == call))) is { } row && like(row));
        return found!;
    }

    internal static Task UntilTrueAsync(Func<Task<bool>> holds) => Desktops.DesktopsApp.UntilAsync(holds);

    internal Task LookAsync() => Services.GetRequiredService<PurgeCallRecordings>().LookAsync(CancellationToken.None);

    internal async Task<Browser> SupervisorAsync() => await this.SignInAsync(await this.AddPersonAsync(Roles.Supervisor));

    internal Task<List<string>> AuditedAsync(Guid call) =>
        DoAsync<KernelDb, List<string>>(db => db.AuditLines.Where(l => l.Subject == $"call:{call}").OrderBy(l => l.Seq).Select(l => l.Action).ToListAsync());
}
