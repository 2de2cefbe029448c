using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Telephony.Calls;
using Relais.Telephony.Recordings;

namespace Relais.Tests.Telephony.Recordings;

/// <summary>Recordings of real calls: who is heard where, what is not heard, and who may listen.</summary>
public sealed class RecordedCallTests(RecordedCallsApp app) : IClassFixture<RecordedCallsApp>
{
    [Fact]
    public async Task A_recording_has_the_respondent_left_and_the_interviewer_right_at_their_levels()
    {
        await using var callee = ToneCallee.Start(hertz: 440, amplitude: 8000);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port, hertz: 1000, amplitude: 5000);
        await app.RecordedAsync(id, 3000);
        var recording = await app.EndAsync(id, interviewer);
        Assert.Equal(CallRecordingState.Whole, recording.State);
        Assert.InRange(recording.DurationMs, 3000, 20_000);

        var supervisor = await app.SupervisorAsync();
        var wave = await supervisor.Client.GetByteArrayAsync($"/api/telephony/calls/{id}/recording", TestContext.Current.CancellationToken);
        var (left, right) = Signals.Channels(wave);
        Assert.Equal(recording.DurationMs * 8, left.Length);
        // The second and third second, when both speak.
        var (respondent, interviewed) = (left[8000..24_000], right[8000..24_000]);
        Assert.InRange(Signals.Level(respondent, 440), 7_800, 8_200);
        Assert.InRange(Signals.Level(respondent, 1000), 0, 100);
        Assert.InRange(Signals.Level(interviewed, 1000), 4_900, 5_100);
        Assert.InRange(Signals.Level(interviewed, 440), 0, 60);
        // And the respondent heard the interviewer.
        Assert.InRange(Signals.Level(callee.LastSecond(), 1000), 4_700, 5_300);

        // The shape that the page draws: quiet on neither side, louder on the left.
        Assert.InRange(recording.Peaks.Where((_, i) => i % 2 == 0).Max(), 60, 65);
        Assert.InRange(recording.Peaks.Where((_, i) => i % 2 == 1).Max(), 37, 41);
        Assert.Equal(["call.placed", "call-recording.played"], await app.AuditedAsync(id));
        await DecodedByOthersAsync(wave, recording.DurationMs);
    }

    [Fact]
    public async Task Nothing_of_what_was_said_can_be_read_in_the_file()
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        await app.RecordedAsync(id, 2000);
        var recording = await app.EndAsync(id, interviewer);
        var file = await File.ReadAllBytesAsync(app.Folder.Find(recording)!, TestContext.Current.CancellationToken);
        // Speech in the clear would hold far fewer kinds of pairs of bytes than noise does.
        var pairs = file.Zip(file.Skip(1)).Distinct().Count();
        Assert.True(pairs > 0.9 * (65_536 * (1 - Math.Exp(-file.Length / 65_536.0))), $"{pairs} pairs in {file.Length} bytes");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(app.Folder.Find(recording)!));
        Assert.DoesNotContain("33123456700", System.Text.Encoding.Latin1.GetString(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_said_during_a_pause_is_silence_on_both_sides_and_its_bounds_are_kept()
    {
        await using var callee = ToneCallee.Start(440);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        await app.RecordedAsync(id, 1500);
        await SayAsync(interviewer, id, "pause", HttpStatusCode.NoContent);
        await SayAsync(interviewer, id, "pause", HttpStatusCode.NoContent);
        await app.RecordedAsync(id, 3500);
        await SayAsync(interviewer, id, "resume", HttpStatusCode.NoContent);
        await app.RecordedAsync(id, 5000);
        // Nobody else stops a recording.
        await SayAsync(await app.InterviewerAsync(), id, "pause", HttpStatusCode.Conflict);
        var recording = await app.EndAsync(id, interviewer);
        Assert.Equal(2, recording.Pauses.Count);
        var (from, until) = (recording.Pauses[0] * 8, recording.Pauses[1] * 8);
        Assert.InRange(until - from, 8_000, 40_000);

        var (left, right) = Signals.Channels(await (await app.SupervisorAsync()).Client.GetByteArrayAsync($"/api/telephony/calls/{id}/recording", TestContext.Current.CancellationToken));
        Assert.All(left[from..until], s => Assert.InRange(s, -16, 16));
        Assert.All(right[from..until], s => Assert.InRange(s, -16, 16));
        Assert.InRange(Signals.Level(left[(from - 4000)..from], 440), 7_600, 8_400);
        Assert.InRange(Signals.Level(right[until..(until + 4000)], 1000), 4_600, 5_400);
        await SayAsync(interviewer, id, "resume", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Any_part_of_a_recording_is_given_alone_and_only_to_those_who_may_hear_it()
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        await app.RecordedAsync(id, 1800);
        var supervisor = await app.SupervisorAsync();
        var address = $"/api/telephony/calls/{id}/recording";
        using (var running = await supervisor.Client.GetAsync(address, TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.Conflict, running.StatusCode);
        await app.EndAsync(id, interviewer);
        var whole = await supervisor.Client.GetByteArrayAsync(address, TestContext.Current.CancellationToken);
        foreach (var (from, until) in new[] { (0, 99), (20, 60), (16_000, 17_000), (whole.Length - 10, whole.Length - 1) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(from, until) } };
            using var part = await supervisor.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(whole[from..(until + 1)], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        using (var refused = await interviewer.Client.GetAsync(address, TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var played = (await app.AuditedAsync(id)).Count(a => a == "call-recording.played");
        // Those from the beginning: the whole, and the first part.
        Assert.Equal(2, played);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("another")]
    public async Task A_recording_that_somebody_altered_is_not_played(string how)
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        await app.RecordedAsync(id, 1200);
        var path = app.Folder.Find(await app.EndAsync(id, interviewer))!;
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        switch (how)
        {
            case "changed":
                bytes[bytes.Length / 2] ^= 1;
                break;
            case "cut":
                // The last chunk before the end, as if nobody had spoken any more.
                bytes = bytes[..^(33 + 100)];
                break;
            case "longer":
                bytes = [.. bytes, 0];
                break;
            default:
                var (other, speaker) = await app.CallAsync(sipOperator.Port);
                await app.RecordedAsync(other, 1200);
                bytes = await File.ReadAllBytesAsync(app.Folder.Find(await app.EndAsync(other, speaker))!, TestContext.Current.CancellationToken);
                break;
        }

        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        using var refused = await (await app.SupervisorAsync()).Client.GetAsync($"/api/telephony/calls/{id}/recording", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("urn:relais:recording-altered", (await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("type").GetString());
        Assert.Contains("call-recording.altered", await app.AuditedAsync(id));
    }

    [Fact]
    public async Task Only_the_share_that_the_policy_says_is_recorded_and_nothing_where_it_says_nothing()
    {
        var policy = new RecordingPolicy { Key = "", Mode = RecordingMode.Wished, Share = 30 };
        var taken = Enumerable.Range(0, 10_000).Count(i => policy.Takes(new Guid(i, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])));
        Assert.InRange(taken, 2_800, 3_200);

        await app.InTelephonyAsync(db => db.RecordingPolicies.ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        await using var sipOperator = await SipOperator.StartAsync();
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        Assert.Null(app.Watched.Find(id)!.Recorder);
        await TelephonyApp.HangUpAsync(interviewer, id);
        await app.EndedAsync(id);
        Assert.False(await app.InTelephonyAsync(db => db.Recordings.AnyAsync(r => r.CallId == id, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task The_respondent_of_a_recorded_call_hears_the_announcement_first_and_it_is_in_the_recording()
    {
        await using var callee = ToneCallee.Start(440);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished, policy => policy.Announcement = Signals.ALaw(Signals.Tone(2000, 6000, 8000)));
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        await app.RecordedAsync(id, 2500);
        var recording = await app.EndAsync(id, interviewer);
        Assert.True(recording.Announced);
        var (_, right) = Signals.Channels(await (await app.SupervisorAsync()).Client.GetByteArrayAsync($"/api/telephony/calls/{id}/recording", TestContext.Current.CancellationToken));
        Assert.InRange(Signals.Level(right[1600..6400], 2000), 5_700, 6_300);
        Assert.InRange(Signals.Level(right[12_000..20_000], 2000), 0, 60);
        Assert.InRange(Signals.Level(right[12_000..20_000], 1000), 4_800, 5_200);
    }

    [Fact]
    public async Task Recordings_are_erased_at_their_time_unless_somebody_keeps_them_and_their_calls_stay_as_long_as_they()
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished, policy => policy.KeepDays = 30);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        await app.RecordedAsync(id, 600);
        var recording = await app.EndAsync(id, interviewer);
        Assert.Equal(30, (int)Math.Round((recording.KeepUntil - recording.StartedAt).TotalDays));
        var supervisor = await app.SupervisorAsync();
        using (var held = await supervisor.PostJsonAsync($"/api/telephony/calls/{id}/recording/hold", new { held = true }))
            Assert.Equal(HttpStatusCode.NoContent, held.StatusCode);
        using (var kept = await supervisor.PostJsonAsync($"/api/telephony/calls/{id}/recording/delete", new { reason = "à la demande du répondant" }))
            Assert.Equal(HttpStatusCode.Conflict, kept.StatusCode);
        await app.InTelephonyAsync(db => db.Recordings.Where(r => r.CallId == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.KeepUntil, app.Clock.GetUtcNow().AddDays(-1)), TestContext.Current.CancellationToken));
        await app.LookAsync();
        Assert.NotNull(app.Folder.Find(await app.RecordingAsync(id, _ => true)));
        Task<int> PurgeCallsAsync() => app.InTelephonyAsync(db => PurgeCalls.HandleAsync(db, new Relais.Telephony.TelephonyOptions(), app.Clock.GetUtcNow().AddDays(400), CancellationToken.None));
        await PurgeCallsAsync();
        Assert.True(await app.InTelephonyAsync(db => db.Calls.AnyAsync(c => c.Id == id, TestContext.Current.CancellationToken)));

        using (var released = await supervisor.PostJsonAsync($"/api/telephony/calls/{id}/recording/hold", new { held = false }))
            Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        await app.LookAsync();
        recording = await app.RecordingAsync(id, r => r.State is CallRecordingState.Purged);
        Assert.Null(app.Folder.Find(recording));
        Assert.Empty(recording.Peaks);
        Assert.Contains("call-recording.purged", await app.AuditedAsync(id));
        await PurgeCallsAsync();
        Assert.False(await app.InTelephonyAsync(db => db.Calls.AnyAsync(c => c.Id == id, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_recording_is_deleted_with_a_reason_that_stays()
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        await app.RecordedAsync(id, 600);
        var path = app.Folder.Find(await app.EndAsync(id, interviewer))!;
        var supervisor = await app.SupervisorAsync();
        var page = await supervisor.GetAsync($"/calls/{id}");
        page = await supervisor.SubmitAsync(page, $"/calls/{id}/delete", ("reason", "à la demande du répondant"));
        Assert.Contains("à la demande du répondant", page.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        using var gone = await supervisor.Client.GetAsync($"/api/telephony/calls/{id}/recording", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(["call.placed", "call-recording.opened", "call-recording.deleted", "call-recording.opened"], await app.AuditedAsync(id));
    }

    private static async Task SayAsync(Browser interviewer, Guid call, string what, HttpStatusCode expected)
    {
        using var answer = await interviewer.PostJsonAsync($"/api/telephony/calls/{call}/recording/{what}", null);
        Assert.Equal(expected, answer.StatusCode);
    }

    // Where ffprobe or sox is there, a program that nobody here wrote says the same of the file.
    private static async Task DecodedByOthersAsync(byte[] wave, int ms)
    {
        var file = Path.Combine(Path.GetTempPath(), $"relais-{Guid.NewGuid():N}.wav");
        await File.WriteAllBytesAsync(file, wave, TestContext.Current.CancellationToken);
        try
        {
            foreach (var (program, arguments) in new[] { ("/usr/bin/soxi", new[] { "-D", file }), ("/usr/bin/ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file]) })
            {
                if (File.Exists(program))
                    Assert.Equal(ms / 1000.0, double.Parse(await TestProgram.RunAsync(program, arguments), System.Globalization.CultureInfo.InvariantCulture), 2);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}
