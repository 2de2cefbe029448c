using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Gateway.Sites;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Sites;

/// <summary>The link of an agent when its server ends, in good order and otherwise.</summary>
public sealed class AgentsOfEndingServer : IAsyncLifetime
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);
    private readonly LoggedApp _app = new();

    [Fact]
    public async Task A_server_that_stops_has_written_that_its_agents_are_gone()
    {
        using var link = await LinkAsync();
        await StopAsync();
        var agent = await _app.InGatewayAsync(db => db.SiteAgents.AsNoTracking().SingleAsync());
        Assert.Null(agent.LinkId);
        Assert.Empty(Failures());
    }

    [Fact]
    public async Task An_agent_that_leaves_after_the_database_went_fails_no_request()
    {
        using var link = await LinkAsync();
        await _app.Services.GetRequiredService<NpgsqlDataSource>().DisposeAsync();
        await StopAsync();
        Assert.Empty(Failures());
    }

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<string> Failures() => _app.Logged.All
        .Where(line => line.Level >= LogLevel.Error && line.Category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
        .Select(line => $"{line.Text} {line.Cause}");

    // Ends every link, and waits until the request behind it is over.
    private async Task StopAsync()
    {
        _app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var late = new CancellationTokenSource(Late);
        await _app.Logged.OneAsync(
            line => line.Text.StartsWith("Request finished", StringComparison.Ordinal) && line.Text.Contains(AgentDoor.LinkPath, StringComparison.Ordinal), late.Token);
    }

    private async Task<ClientWebSocket> LinkAsync()
    {
        var administrator = await _app.SignInAsync(await _app.AddPersonAsync(Roles.Administrator));
        var site = await PostAsync(administrator, "/api/sites", new { name = "Lille" });
        var command = await PostAsync(administrator, $"/api/sites/{site.GetProperty("id").GetGuid()}/enrolments", new { });
        var token = command.GetProperty("command").GetString()!.Split(' ')[^1];
        var enrolled = await PostAsync(administrator, "/api/agent/enrolments", new { token, name = "muet" });
        var socket = _app.ShellSocket(enrolled.GetProperty("secret").GetString()!, "muet");
        await socket.ConnectAsync(new Uri($"wss://localhost:{_app.Address.Port}{AgentDoor.LinkPath}"), CancellationToken.None);
        using var late = new CancellationTokenSource(Late);
        await _app.Logged.OneAsync(line => line.Text.Contains(" connected from ", StringComparison.Ordinal), late.Token);
        return socket;
    }

    private static async Task<JsonElement> PostAsync(Relais.Tests.Browser browser, string path, object body)
    {
        using var answer = await browser.PostJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private sealed class LoggedApp : ConsolesApp
    {
        public LoggedLines Logged { get; } = new();

        protected override void Adjust(WebApplicationBuilder builder)
        {
            base.Adjust(builder);
            builder.Logging.AddFilter<LoggedLines>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information);
            builder.Logging.AddFilter<LoggedLines>("Relais", LogLevel.Information);
            builder.Logging.AddProvider(Logged);
        }
    }
}
