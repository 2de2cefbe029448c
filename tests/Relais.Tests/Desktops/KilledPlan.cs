using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Relais.Tests.Desktops;

/// <summary>A continuity plan in the middle of which the server and the engine are both ended by kill -9. The benchmark "desktops kill" does it with twenty.</summary>
[Collection(NetworkTests.Name)]
public sealed class KilledPlan : IAsyncLifetime
{
    private const int Desktops = 4;

    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.CreateAsync();
        _server.Settings["RELAIS__Desktops__Engine"] = DesktopsApp.EngineFile;
        _server.Settings["RELAIS__Desktops__Bundles"] = Path.Combine(RelaisApp.Repository(), "bundles");
        _server.Settings["RELAIS__Desktops__Images__bureau-standard"] = Environment.GetEnvironmentVariable("RELAIS_TEST_IMAGE");
        _server.Settings["RELAIS__Desktops__Images__enqueteur"] = Environment.GetEnvironmentVariable("RELAIS_TEST_IMAGE");
        _server.Settings["RELAIS__Desktops__ReconcileEvery"] = "00:00:01";
        // Half of them are on their way when the first ones are there.
        _server.Settings["RELAIS__Desktops__AtOnce"] = "2";
    }

    [Fact]
    public async Task Server_and_engine_killed_in_the_midst_of_a_plan_leave_each_desktop_once_and_no_other()
    {
        await _server.StartAsync();
        await _server.SeedAsync();
        await _server.ScalarAsync($$"""
            INSERT INTO desktops.plan ("Id", "Name", "NormalizedName", "Steps", "ChangedAt", "ChangedBy")
            SELECT gen_random_uuid(), 'Crue', 'CRUE',
              jsonb_build_array(jsonb_build_object('groups', jsonb_agg(id), 'bundle', 'enqueteur', 'atOnce', {{Desktops}}, 'waits', true)), now(), 'Relais'
            FROM access."group" WHERE name IN ('Études', 'Centre d’appels de Toulouse')
            """);
        // It follows the plan by the database, whatever becomes of the server.
        var followed = _server.SayAsync("plan start Crue");
        await DesktopsApp.UntilAsync(async () => await _server.ScalarAsync("""SELECT count(*) FROM desktops.desktop WHERE "State" = 'Running'""") is > 0L);
        await KillEngineAsync();
        _server.Kill();
        await StartEngineAsync();
        await _server.StartAsync();

        var run = JsonDocument.Parse(await followed).RootElement;
        Assert.Equal(("done", Desktops), (run.GetProperty("state").GetString(), run.GetProperty("counts").GetProperty("done").GetInt32()));
        var rows = ((string?)await _server.ScalarAsync("""SELECT string_agg('d-' || replace("Id"::text, '-', ''), ',' ORDER BY "Id"::text) FROM desktops.desktop""") ?? "").Split(',');
        var (_, listed) = await DesktopsApp.RunAsync("lxc", "list", "--format=csv", "--columns=ns");
        Assert.Equal(rows.Select(r => $"{r},RUNNING"), listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Equal(Desktops, rows.Length);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await DesktopsApp.RemoveInstancesAsync();
    }

    private static async Task KillEngineAsync()
    {
        using var daemon = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "daemon.pid")), CultureInfo.InvariantCulture));
        daemon.Kill();
        await daemon.WaitForExitAsync();
    }

    private static async Task StartEngineAsync()
    {
        using var start = Process.Start(new ProcessStartInfo("bash", [Path.Combine(RelaisApp.Repository(), "scripts", "engine.sh"), "start", Folder])) ??
            throw new InvalidOperationException("bash did not start");
        await start.WaitForExitAsync();
        Assert.Equal(0, start.ExitCode);
    }

    private static string Folder => Path.GetDirectoryName(DesktopsApp.EngineFile) ?? "";
}
