using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Recordings;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>Sessions that are recorded by rule, on a disk that gets full: a real file system of 128 KiB.</summary>
[InChromium]
public sealed class FullDiskTests(FullDiskTests.SmallDiskApp app) : IClassFixture<FullDiskTests.SmallDiskApp>
{
    // Told to type more than the disk holds, with a page that shows it all.
    private const string Flood = "head -c 200000 /dev/zero | tr '\\0' x; echo f''ini\n";

    public sealed class SmallDiskApp : ConsolesApp
    {
        private SmallDisk? _disk;

        public override async ValueTask InitializeAsync()
        {
            _disk = await SmallDisk.MountAsync(128);
            Settings["Gateway:Recording:Folder"] = _disk.Path;
            Settings["Gateway:Recording:FreeBytes"] = "0";
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (_disk is not null)
                await _disk.DisposeAsync();
            GC.SuppressFinalize(this);
        }

        public void Empty()
        {
            foreach (var file in Directory.EnumerateFiles(_disk!.Path, "*.rlr", SearchOption.AllDirectories))
                File.Delete(file);
        }
    }

    [Fact]
    public async Task A_session_that_must_be_recorded_ends_when_the_disk_is_full_and_none_begins_after()
    {
        app.Empty();
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync() with { Recording = RecordingPolicy.Mandatory };
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));
        await ConsolesApp.TypeAsync(socket, Flood);
        Assert.Equal(4007, await ConsolesApp.ClosedAsync(socket));
        await Desktops.DesktopsApp.UntilAsync(
            () => app.InGatewayAsync(db => db.Recordings.AnyAsync(r => r.PersonId == person.Id && r.State == RecordingState.Dropped)), TimeSpan.FromSeconds(20));
        var refused = await app.AuditedAsync("recording.refused", "DiskFull");
        Assert.True(refused >= 1);

        using var next = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal(4007, await ConsolesApp.ClosedAsync(next));
        Assert.Equal(refused + 1, await app.AuditedAsync("recording.refused", "DiskFull"));
    }

    [Fact]
    public async Task A_session_that_is_recorded_if_possible_goes_on_without_and_says_so()
    {
        app.Empty();
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync() with { Recording = RecordingPolicy.IfPossible };
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));
        Assert.Contains("\"recorded\"", await ConsolesApp.NoticeAsync(socket), StringComparison.Ordinal);
        await ConsolesApp.TypeAsync(socket, Flood);
        await ConsolesApp.SeenAsync(socket, "fini");
        Assert.Contains("not-recorded", await ConsolesApp.NoticeAsync(socket), StringComparison.Ordinal);
        await ConsolesApp.TypeAsync(socket, "echo e''ncore\n");
        await ConsolesApp.SeenAsync(socket, "encore");
        Assert.Equal(1, await app.AuditedAsync("recording.dropped", "DiskFull"));
    }

    [Fact]
    public async Task The_page_says_why_a_session_that_must_be_recorded_does_not_begin()
    {
        app.Empty();
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync() with { Recording = RecordingPolicy.Mandatory };
        await using var chromium = await Chromium.StartAsync();
        var page = await app.ShowAsync(chromium, "ssh", await app.AddPersonAsync(Roles.Staff));
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
        await page.Keyboard.InsertTextAsync(Flood.TrimEnd());
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("text=Cette session doit être enregistrée, et ne peut pas l’être");
    }
}
