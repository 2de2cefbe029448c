using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Relais.Tests.Desktops;

/// <summary>A pool on the real engine, with a server that is killed while the first desktop is made.</summary>
[Collection(NetworkTests.Name)]
public sealed class PoolOnEngine : IAsyncLifetime
{
    private const string Planted = "for f in /home/bureau/planted /etc/planted; do echo laissé > $f; done";
    private const string Clean = "! test -e /home/bureau/planted && ! test -e /etc/planted";
    private const string Marked = """SELECT "Id" FROM desktops.desktop WHERE "State" = 'Running' AND "ClaimedAt" IS NULL""";

    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.CreateAsync();
        _server.Settings["RELAIS__Desktops__Engine"] = DesktopsApp.EngineFile;
        _server.Settings["RELAIS__Desktops__Bundles"] = Path.Combine(RelaisApp.Repository(), "bundles");
        _server.Settings["RELAIS__Desktops__Images__bureau-standard"] = Environment.GetEnvironmentVariable("RELAIS_TEST_IMAGE");
        _server.Settings["RELAIS__Desktops__ReconcileEvery"] = "00:00:01";
    }

    [Fact]
    public async Task A_session_leaves_nothing_for_the_next_and_a_kill_neither_a_double_nor_an_orphan()
    {
        await _server.SeedAsync();
        Assert.Contains("\"id\"", await _server.SayAsync("desktops pools set Enquête --bundle bureau-standard --groups Siège --most 3 --ready 1"), StringComparison.Ordinal);
        await _server.StartAsync();
        await DesktopsApp.UntilAsync(async () => await _server.ScalarAsync("""SELECT "State" FROM desktops.desktop""") is string state && state != "Waiting");
        _server.Kill();
        await _server.StartAsync();
        await DesktopsApp.UntilAsync(async () => await _server.ScalarAsync(Marked) is Guid);
        Assert.Single(await InstancesAsync());

        // The one that was ready is given at once, and another takes its place.
        using var first = await _server.EnterAsync("employe1");
        using var second = await _server.EnterAsync("employe2");
        var pool = (Guid)(await _server.ScalarAsync("""SELECT "Id" FROM desktops.pool"""))!;
        var spare = (Guid)(await _server.ScalarAsync(Marked))!;
        await OpenAsync(first, pool);
        Assert.Equal(spare, await HeldAsync());
        Assert.Equal(0, (await DesktopsApp.InsideAsync($"d-{spare:N}", Planted)).Code);

        // As an administrator ends a session.
        await _server.ScalarAsync("""UPDATE gateway.session SET "EndAsked" = 'EndedByAdministrator'""");
        await DesktopsApp.UntilAsync(async () => !(await InstancesAsync()).Contains($"d-{spare:N}"));
        // One that waits, in French, is given to somebody who reads English.
        await DesktopsApp.UntilAsync(async () => await _server.ScalarAsync(Marked) is Guid);
        await _server.ScalarAsync("""UPDATE access.person SET language = 'en' WHERE user_name = 'employe2'""");
        await OpenAsync(second, pool);
        var next = await HeldAsync();
        Assert.NotEqual(spare, next);
        var (_, spoken) = await DesktopsApp.InsideAsync($"d-{next:N}", "tr '\\0' '\\n' </proc/$(pgrep -xo Xorg)/environ | grep ^LANG=");
        Assert.Equal("LANG=en_US.UTF-8", spoken.Trim());
        Assert.Equal(0, (await DesktopsApp.InsideAsync($"d-{next:N}", Clean)).Code);

        // Killed as it refills: what the rows say is what there is, and each person's stays theirs.
        _server.Kill();
        await _server.StartAsync();
        await DesktopsApp.UntilAsync(async () => await _server.ScalarAsync(Marked) is Guid ready && (await InstancesAsync()).Contains($"d-{ready:N}"));
        Assert.Equal(2, (await InstancesAsync()).Count);
        Assert.Equal(2L, await _server.ScalarAsync("SELECT count(*) FROM desktops.desktop"));
        await OpenAsync(second, pool);
        Assert.Equal(next, await HeldAsync());
        // The home of the one that is gone went with it.
        var homes = (await DesktopsApp.RunAsync("lxc", "storage", "volume", "list", await PoolAsync(), "--format=csv")).Output;
        Assert.Contains($"home-{next:N}", homes, StringComparison.Ordinal);
        Assert.DoesNotContain($"home-{spare:N}", homes, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await DesktopsApp.RemoveInstancesAsync();
    }

    private async Task<Guid> HeldAsync() =>
        (Guid)(await _server.ScalarAsync("""SELECT "Id" FROM desktops.desktop WHERE "ClaimedAt" IS NOT NULL AND "Wanted" <> 'Deleted'"""))!;

    private static async Task<IReadOnlyList<string>> InstancesAsync() =>
        (await DesktopsApp.RunAsync("lxc", "list", "--format=csv", "--columns=n")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> PoolAsync()
    {
        using var engine = JsonDocument.Parse(await File.ReadAllTextAsync(DesktopsApp.EngineFile));
        return engine.RootElement.GetProperty("pool").GetString() ?? "";
    }

    private static async Task OpenAsync(Browser browser, Guid pool)
    {
        HttpStatusCode code = default;
        await DesktopsApp.UntilAsync(async () =>
        {
            using var answer = await browser.PostJsonAsync($"/api/desktops/pools/{pool}/open", new { takeOver = true });
            code = answer.StatusCode;
            Assert.True(code is HttpStatusCode.OK or HttpStatusCode.Accepted, (await answer.Content.ReadFromJsonAsync<JsonElement>()).ToString());
            return code == HttpStatusCode.OK;
        });
    }
}
