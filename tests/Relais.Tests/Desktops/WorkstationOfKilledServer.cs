using System.Text.Json;
using Relais.Tests.Gateway;

namespace Relais.Tests.Desktops;

/// <summary>A sample office workstation in Debian's xfreerdp, while the server is ended by kill -9 and started again.</summary>
public sealed class WorkstationOfKilledServer
{
    [Theory]
    [InlineData("/gt:http")]
    [InlineData("/gt:http,no-websockets")]
    public async Task A_native_client_finds_the_server_again_by_itself(string transport)
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        await using var server = await ServerProcess.CreateAsync();
        server.Settings["RELAIS__Desktops__Workstations__AllowedNetworks"] = "127.0.0.0/8";
        server.Settings["RELAIS__Desktops__Workstations__RdpPorts"] = $"{shadow.Address.Port}";
        server.Settings["RELAIS__Gateway__WatchEvery"] = "00:00:01";
        await server.StartAsync();
        using var browser = await server.EnterAsync();
        await EnrolAsync(server, shadow);

        using var saved = await browser.PostJsonAsync($"/api/workstations/{await server.ScalarAsync("""SELECT "Id" FROM desktops.workstation""")}/rdp", new { });
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
        var file = Path.Combine(server.Folder, "poste.rdp");
        await File.WriteAllBytesAsync(file, await saved.Content.ReadAsByteArrayAsync());
        await using var client = await FreeRdp.StartAsync(file, transport, "+auto-reconnect", "/auto-reconnect-max-retries:200");
        await client.ShowsAsync();
        await UntilAsync("""SELECT "ToClientBytes" > 1000 FROM gateway.session WHERE "Connection" = 1""");
        var before = await server.ScalarAsync("""SELECT "ToClientBytes" FROM gateway.session""");

        server.Kill();
        await server.StartAsync();
        await UntilAsync($"""SELECT "ToClientBytes" > {before} + 1000 FROM gateway.session WHERE "Connection" = 2 AND "EndedAt" IS NULL""");

        Task UntilAsync(string sql) => DesktopsApp.UntilAsync(async () =>
        {
            Assert.True(client.ExitCode is null, $"xfreerdp left with {client.ExitCode}: {client.Said}");
            return await server.ScalarAsync(sql) is true;
        });
    }

    // As the launcher's demo does.
    private static async Task EnrolAsync(ServerProcess server, ShadowWorkstation shadow)
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Folder, "standins"));
        var samples = new[]
        {
            new
            {
                name = "Poste du siège", protocol = "Rdp", host = "127.0.0.1", port = shadow.Address.Port, people = new[] { ServerProcess.Person },
                groups = new[] { "Siège" }, account = ShadowWorkstation.Anne.UserName, password = ShadowWorkstation.Anne.Password,
            },
        };
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "standins.json"), JsonSerializer.Serialize(samples));
        Assert.Contains($"Poste du siège: {ServerProcess.Person}", await server.SayAsync("demo workstations"), StringComparison.Ordinal);
    }
}
