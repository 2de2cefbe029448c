using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;

namespace Relais.Tests.Gateway;

/// <summary>A client that nobody here wrote, through the real gateway to a workstation that nobody here wrote.</summary>
public sealed class NativeClientTests(NativeApp app) : IClassFixture<NativeApp>
{
    private const string WebSocket = "/gt:http";
    private const string Legacy = "/gt:http,no-websockets";

    private string Gateway => $"/g:localhost:{app.Address.Port}";

    [Theory]
    [InlineData(WebSocket)]
    [InlineData(Legacy)]
    public async Task FreeRDP_shows_a_desktop_that_the_gateway_signs_in_to(string transport)
    {
        await using var workstation = await ShadowWorkstation.StartAsync(nla: false);
        var grant = await app.GrantAsync(workstation.Address, workstation.Pin);
        await using var client = await FreeRdp.StartAsync("/v:localhost", Gateway, $"/gat:{grant.Token}", transport, "/sec:tls");
        await client.ShowsAsync();
        await NativeApp.UntilAsync(async () => (await app.SessionAsync(grant.Session)).ToClientBytes > 0);
    }

    [Theory]
    [InlineData(WebSocket)]
    [InlineData(Legacy)]
    public async Task FreeRDP_signs_in_to_a_workstation_with_network_level_authentication(string transport)
    {
        await using var workstation = await ShadowWorkstation.StartAsync(nla: true);
        var grant = await app.GrantAsync(workstation.Address, pin: null);
        await using var client = await FreeRdp.StartAsync(
            "/v:poste-7", Gateway, $"/gat:{grant.Token}", transport, $"/u:{ShadowWorkstation.Anne.UserName}", $"/p:{ShadowWorkstation.Anne.Password}");
        await client.ShowsAsync();
    }

    [Fact]
    public async Task FreeRDP_opens_the_file_that_is_saved_for_it()
    {
        await using var workstation = await ShadowWorkstation.StartAsync(nla: false);
        var pin = workstation.Pin;
        var grant = await app.GrantAsync(workstation.Address, pin);
        var bytes = app.Services.GetRequiredService<NativeFile>().For(
            NativeApp.Target(workstation.Address, pin, "poste-7"), grant, ClipboardPolicy.None, new HostString("localhost", app.Address.Port));
        var file = Path.Combine(app.DataFolder, "bureau.rdp");
        await File.WriteAllBytesAsync(file, bytes);
        await using var client = await FreeRdp.StartAsync(file);
        await client.ShowsAsync();
    }

    [Fact]
    public async Task FreeRDP_says_that_its_token_is_not_accepted()
    {
        await using var client = await FreeRdp.StartAsync("/v:localhost", Gateway, "/gat:jeton", WebSocket);
        Assert.NotEqual(0, await client.EndsAsync());
        Assert.Contains("COOKIE_AUTHENTICATION_ACCESS_DENIED", client.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WebSocket)]
    [InlineData(Legacy)]
    public async Task FreeRDP_is_cut_when_its_person_is_disabled(string transport)
    {
        await using var workstation = await ShadowWorkstation.StartAsync(nla: false);
        var (person, signIn) = await app.SignedInAsync();
        var grant = await app.GrantAsync(person, signIn, workstation.Address, workstation.Pin);
        await using var client = await FreeRdp.StartAsync("/v:localhost", Gateway, $"/gat:{grant.Token}", transport, "/sec:tls");
        await client.ShowsAsync();
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
        await client.EndsAsync(TimeSpan.FromSeconds(8));
        await NativeApp.UntilAsync(async () => (await app.SessionAsync(grant.Session)).End == SessionEnd.AccessWithdrawn);
    }

    [Theory]
    [InlineData(WebSocket)]
    [InlineData(Legacy)]
    public async Task FreeRDP_reconnects_by_itself_with_the_token_that_it_has(string transport)
    {
        await using var workstation = await ShadowWorkstation.StartAsync(nla: false);
        var grant = await app.GrantAsync(workstation.Address, workstation.Pin);
        using var cable = new Cable(app.Address.Port);
        await using var client = await FreeRdp.StartAsync(
            "/v:localhost", $"/g:localhost:{cable.Port}", $"/gat:{grant.Token}", transport, "/sec:tls", "+auto-reconnect", "/auto-reconnect-max-retries:5");
        await client.ShowsAsync();
        cable.Cut();
        await NativeApp.UntilAsync(
            async () =>
            {
                Assert.True(client.ExitCode is null, $"xfreerdp left with {client.ExitCode}: {client.Said}");
                return (await app.SessionAsync(grant.Session)).Connection == 2;
            },
            seconds: 30);
        var before = (await app.SessionAsync(grant.Session)).ToClientBytes;
        await NativeApp.UntilAsync(async () => (await app.SessionAsync(grant.Session)).ToClientBytes > before + 1000);
        Assert.Null((await app.SessionAsync(grant.Session)).EndedAt);
    }

    [Fact]
    public async Task FreeRDP_takes_its_session_up_again_after_its_connection_broke()
    {
        await using var workstation = await ShadowWorkstation.StartAsync(nla: false);
        var grant = await app.GrantAsync(workstation.Address, workstation.Pin);
        for (var connection = 1; connection <= 2; connection++)
        {
            // Killed at the end of the round, as a network that goes away.
            await using var client = await FreeRdp.StartAsync("/v:localhost", Gateway, $"/gat:{grant.Token}", WebSocket, "/sec:tls");
            await client.ShowsAsync();
            Assert.Equal(connection, (await app.SessionAsync(grant.Session)).Connection);
        }
    }
}
