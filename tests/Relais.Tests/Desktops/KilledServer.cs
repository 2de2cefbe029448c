using System.Net;
using Microsoft.Playwright;

namespace Relais.Tests.Desktops;

/// <summary>The server as a process of its own, ended by kill -9 at bad moments.</summary>
[Collection(NetworkTests.Name)]
public sealed class KilledServer : IAsyncLifetime
{
    private const string Overlay = "[data-part=overlay]";

    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.CreateAsync();
        _server.Settings["RELAIS__Desktops__Engine"] = DesktopsApp.EngineFile;
        _server.Settings["RELAIS__Desktops__Bundles"] = Path.Combine(RelaisApp.Repository(), "bundles");
        _server.Settings["RELAIS__Desktops__Images__bureau-standard"] = Environment.GetEnvironmentVariable("RELAIS_TEST_IMAGE");
        _server.Settings["RELAIS__Desktops__ReconcileEvery"] = "00:00:01";
    }

    [Theory]
    [InlineData("Creating")]
    [InlineData("Starting")]
    public async Task A_server_killed_while_a_desktop_is_made_leaves_exactly_one(string moment)
    {
        await _server.StartAsync();
        using var browser = await _server.EnterAsync();
        using (var answer = await browser.PostJsonAsync("/api/desktops/mine/open", new { takeOver = true }))
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await DesktopsApp.UntilAsync(async () =>
            await _server.ScalarAsync("""SELECT "State" FROM desktops.desktop""") is string state && state != "Waiting" && (moment == "Creating" || state != "Creating"));
        _server.Kill();

        await _server.StartAsync();
        await DesktopsApp.OpenDesktopAsync(browser);
        var row = await _server.ScalarAsync("""SELECT "Id" FROM desktops.desktop""");
        var (_, listed) = await DesktopsApp.RunAsync("lxc", "list", $"user.relais.desktop={row}", "--format=csv", "--columns=s");
        Assert.Equal(["RUNNING"], listed.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1L, await _server.ScalarAsync("SELECT count(*) FROM desktops.desktop"));
    }

    [Fact]
    public async Task A_browser_finds_the_server_again_by_itself_and_the_desktop_went_on_meanwhile()
    {
        await _server.StartAsync();
        var password = await _server.SeedAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(_server.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=UserName]", ServerProcess.Person);
        await page.FillAsync("[name=Password]", password);
        await page.PressAsync("[name=Password]", "Enter");
        await page.ClickAsync("a[href='/desktop']");
        await page.WaitForSelectorAsync(Overlay, new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });
        var before = await DesktopSessionAsync();

        _server.Kill();
        await page.WaitForSelectorAsync(Overlay, new() { State = WaitForSelectorState.Visible });
        await _server.StartAsync();
        await page.WaitForSelectorAsync(Overlay, new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });
        Assert.Equal(2, await _server.ScalarAsync("""SELECT "Connection" FROM gateway.session"""));
        Assert.Equal(before, await DesktopSessionAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await DesktopsApp.RemoveInstancesAsync();
    }

    // The number of the process that holds the person's programs together: another one would be another session.
    private async Task<string> DesktopSessionAsync()
    {
        var instance = $"d-{await _server.ScalarAsync("""SELECT "Id" FROM desktops.desktop"""):N}";
        var session = "";
        await DesktopsApp.UntilAsync(async () => (session = (await DesktopsApp.InsideAsync(instance, "pgrep -x xfce4-session")).Output.Trim()).Length > 0);
        return session;
    }
}
