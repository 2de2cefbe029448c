using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Recordings;
using Relais.Telephony.Recordings;
using Relais.Tests.Gateway.Recordings;

namespace Relais.Tests.Telephony.Recordings;

/// <summary>A node whose disk has no room for recordings.</summary>
public sealed class FullDiskTests(FullDiskTests.App app) : IClassFixture<FullDiskTests.App>
{
    public sealed class App : RecordedCallsApp
    {
        public App() => Settings["Telephony:Recording:FreeBytes"] = long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_call_that_must_be_recorded_and_cannot_be_is_refused_in_words_and_nobodys_telephone_rings()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        await app.SetPolicyAsync(RecordingMode.Mandatory);
        using var refused = await (await app.InterviewerAsync()).PostJsonAsync("/api/telephony/calls", new { number = "0123456700" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("urn:relais:not-recordable", problem.GetProperty("type").GetString());
        Assert.StartsWith("Cet appel doit être enregistré et le disque du serveur est plein", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("INVITE", sipOperator.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_only_wished_to_be_recorded_goes_on_without_and_it_is_said()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.SetPolicyAsync(RecordingMode.Wished);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        Assert.Null(app.Watched.Find(id)!.Recorder);
        await TelephonyApp.HangUpAsync(interviewer, id);
        await app.EndedAsync(id);
        Assert.Contains("call-recording.dropped", await app.AuditedAsync(id));
        Assert.False(await app.InTelephonyAsync(db => db.Recordings.AnyAsync(r => r.CallId == id, TestContext.Current.CancellationToken)));
        Assert.Contains("presque plein", (await (await app.SignInAsync(app.Administrator)).GetAsync("/calls/recording")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_fills_up_in_a_call_ends_the_recording_and_never_blocks_the_voice()
    {
        await using var disk = await SmallDisk.MountAsync(64);
        var file = new FileStream(Path.Combine(disk.Path, "call.rlr"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        var recorder = new CallRecorder(file, 0, new RecordingSeal(new byte[RecordingSeal.KeyLength]), TimeSpan.FromSeconds(10));
        var (frame, taken) = (new byte[160], 0);
        await TelephonyApp.UntilTrueAsync(() =>
        {
            for (var i = 0; i < 25; i++, taken++)
                recorder.Take(frame, frame);
            return recorder.Failed;
        });
        await recorder.FinishAsync(10);
        Assert.True(recorder.Failed);
        // What the disk took is whole chunks, up to its size.
        Assert.InRange(recorder.LengthBytes, 32 * 1024, 64 * 1024);
        Assert.True(taken > 100);
    }
}
