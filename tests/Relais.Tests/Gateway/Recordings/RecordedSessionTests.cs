using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Recordings;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>Sessions that are recorded by rule, on a disk with room.</summary>
public sealed class RecordedSessionTests(ConsolesApp app) : IClassFixture<ConsolesApp>
{
    [Fact]
    public async Task What_a_terminal_shows_is_recorded_and_what_is_typed_is_not()
    {
        var row = await RecordAsync("stty -echo; echo p''ret; read secret; stty echo; echo lu:${#secret}\n", "motdepasse-tape\n", "lu:15");
        Assert.Equal(RecordingState.Whole, row.State);
        Assert.InRange(row.Duration, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));

        var shown = await ReplayAsync(await app.SignInAsync(await app.AddPersonAsync(Roles.Auditor)), row.Id);
        Assert.Contains("lu:15", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("motdepasse-tape", shown, StringComparison.Ordinal);

        var onDisk = await File.ReadAllTextAsync(Path.Combine(app.DataFolder, "recordings", row.File));
        Assert.DoesNotContain("lu:15", onDisk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_replay_is_audited_and_only_auditors_and_administrators_may()
    {
        var row = await RecordAsync("echo a''udite\n", "", "audite");
        foreach (var role in new[] { Roles.Staff, Roles.Supervisor, Roles.Researcher })
        {
            var other = await app.SignInAsync(await app.AddPersonAsync(role));
            foreach (var path in new[] { "/recordings", $"/recordings/{row.Id}", "/api/gateway/recordings", $"/api/gateway/recordings/{row.Id}/content" })
                Assert.Equal(HttpStatusCode.Forbidden, (await other.Client.GetAsync(path)).StatusCode);
            using var held = await other.PostJsonAsync($"/api/gateway/recordings/{row.Id}/hold", new { held = true });
            Assert.Equal(HttpStatusCode.Forbidden, held.StatusCode);
        }

        var id = row.Id.ToString();
        Assert.Equal(0, await app.AuditedAsync("recording.replayed", id));
        await ReplayAsync(await app.SignInAsync(await app.AddPersonAsync(Roles.Auditor)), row.Id);
        await ReplayAsync(await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator)), row.Id);
        Assert.Equal(2, await app.AuditedAsync("recording.replayed", id));
    }

    [Fact]
    public async Task A_recording_of_a_server_that_was_killed_is_closed_where_it_was_torn()
    {
        var row = await RecordAsync("echo d''echire\n", "", "dechire");
        var path = Path.Combine(app.DataFolder, "recordings", row.File);
        await using (var file = new FileStream(path, FileMode.Open))
            file.SetLength(file.Length - 5);
        await app.InGatewayAsync(db => db.Recordings.Where(r => r.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RecordingState.Running)));

        await app.PurgeAsync();
        var after = await app.InGatewayAsync(db => db.Recordings.AsNoTracking().SingleAsync(r => r.Id == row.Id));
        Assert.Equal(RecordingState.Torn, after.State);
        Assert.Contains("dechire", await ReplayAsync(await app.SignInAsync(await app.AddPersonAsync(Roles.Auditor)), row.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_old_is_purged_and_audited_unless_it_is_held()
    {
        var (old, held, lost) = (await RecordAsync("echo v''ieux\n", "", "vieux"), await RecordAsync("echo t''enu\n", "", "tenu"), await RecordAsync("echo p''erdu\n", "", "perdu"));
        string PathOf(Recording row) => Path.Combine(app.DataFolder, "recordings", row.File);
        var auditor = await app.SignInAsync(await app.AddPersonAsync(Roles.Auditor));
        using (var answer = await auditor.PostJsonAsync($"/api/gateway/recordings/{held.Id}/hold", new { held = true }))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(1, await app.AuditedAsync("recording.held", held.Id.ToString()));
        var stray = Path.Combine(app.DataFolder, "recordings", "2020/01/02/stray.rlr");
        Directory.CreateDirectory(Path.GetDirectoryName(stray)!);
        await File.WriteAllTextAsync(stray, "of no row");
        File.SetLastWriteTimeUtc(stray, new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        File.Delete(PathOf(lost));

        await app.PurgeAsync();
        Assert.Equal(RecordingState.Missing, await app.InGatewayAsync(db => db.Recordings.Where(r => r.Id == lost.Id).Select(r => r.State).SingleAsync()));
        Assert.Equal(1, await app.AuditedAsync("recording.missing", lost.Id.ToString()));
        Assert.False(File.Exists(stray));
        Assert.Equal(1, await app.AuditedAsync("recording.purged", "stray.rlr"));
        Assert.True(File.Exists(PathOf(old)));

        app.Clock.Advance(TimeSpan.FromDays(91));
        await app.PurgeAsync();
        Assert.False(File.Exists(PathOf(old)));
        Assert.True(File.Exists(PathOf(held)));
        Assert.Equal(held.Id, await app.InGatewayAsync(db => db.Recordings.Where(r => r.Id == held.Id || r.Id == old.Id || r.Id == lost.Id).Select(r => r.Id).SingleAsync()));
        Assert.Equal(1, await app.AuditedAsync("recording.purged", old.Id.ToString()));
    }

    [Fact]
    public async Task Where_recording_is_mandatory_what_cannot_be_read_is_not_granted()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        app.Target = new SessionTarget("workstation", Guid.CreateVersion7(), "poste", new IPEndPoint(IPAddress.Loopback, 9), "", "", [])
        {
            Protocol = TargetProtocol.Ssh, Recording = RecordingPolicy.Mandatory,
        };
        using var answer = await browser.PostJsonAsync(ConsolesApp.Open, new { takeOver = true });
        Assert.Contains("NotRecordable", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await app.AuditedAsync("session.refused", "recording-Unreadable"));
    }

    [Theory]
    [InlineData("/gateway/ssh", RecordingPolicy.Mandatory)]
    [InlineData("/gateway/ssh", RecordingPolicy.IfPossible)]
    [InlineData("/gateway/vnc", RecordingPolicy.Mandatory)]
    public async Task A_machine_that_lets_nobody_in_leaves_no_recording(string door, RecordingPolicy policy)
    {
        await using var sshd = await Sshd.StartAsync();
        await using var xvnc = await Xvnc.StartAsync();
        app.Target = (door == "/gateway/ssh" ? await sshd.TargetAsync() with { Password = "faux" } : xvnc.Target("faux")) with { Recording = policy };
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        using var socket = await app.ConnectAsync(browser, door, await ConsolesApp.TokenAsync(browser));
        Assert.Equal(4010, await ConsolesApp.ClosedAsync(socket));

        var session = await app.InGatewayAsync(db => db.Sessions.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());
        await Desktops.DesktopsApp.UntilAsync(
            () => app.InGatewayAsync(async db => !await db.Recordings.AnyAsync(r => r.PersonId == person.Id)), TimeSpan.FromSeconds(20));
        await Desktops.DesktopsApp.UntilAsync(() => Task.FromResult(Files(session).Length == 0), TimeSpan.FromSeconds(20));
    }

    private string[] Files(Guid session) =>
        Directory.GetFiles(Path.Combine(app.DataFolder, "recordings"), $"{session}-*", SearchOption.AllDirectories);

    private async Task<Recording> RecordAsync(string command, string then, string until)
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync() with { Recording = RecordingPolicy.Mandatory };
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));
        await ConsolesApp.TypeAsync(socket, command);
        if (then.Length > 0)
        {
            await ConsolesApp.SeenAsync(socket, "pret");
            await ConsolesApp.TypeAsync(socket, then);
        }

        await ConsolesApp.SeenAsync(socket, until);
        await ConsolesApp.TypeAsync(socket, "exit\n");
        Assert.Equal(1000, await ConsolesApp.ClosedAsync(socket));
        await Desktops.DesktopsApp.UntilAsync(
            () => app.InGatewayAsync(db => db.Recordings.AnyAsync(r => r.PersonId == person.Id && r.State != RecordingState.Running)), TimeSpan.FromSeconds(20));
        return await app.InGatewayAsync(db => db.Recordings.AsNoTracking().SingleAsync(r => r.PersonId == person.Id));
    }

    private static async Task<string> ReplayAsync(Relais.Tests.Browser browser, Guid id)
    {
        using var answer = await browser.Client.GetAsync($"/api/gateway/recordings/{id}/content");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
