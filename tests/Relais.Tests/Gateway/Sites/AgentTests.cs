using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace Relais.Tests.Gateway.Sites;

/// <summary>Which machines are agents, for how long, and how they come to be ones.</summary>
[Collection(NetworkTests.Name)]
public sealed class AgentTests(SitesApp app) : IClassFixture<SitesApp>
{
    private const int Refused = 3;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_revoked_agent_is_cut_with_what_it_carries_and_does_not_come_back()
    {
        var (site, id, agent, folder) = await app.StartSiteAsync();
        await using (agent)
        {
            using var listener = app.Lan.Machine.Listen(5902);
            await using var link = await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5902), CancellationToken.None);
            using var target = await listener.AcceptAsync();

            var administrator = await app.AdministratorAsync();
            var page = await administrator.GetAsync($"/sites/{id}");
            var form = page.Document.QuerySelector("form input[name=Agent]")!.Closest("form")!.QuerySelector("input[name=_handler]")!.GetAttribute("value")!;
            page = await administrator.SubmitAsync(page, form);
            Assert.Contains("révoqué", page.Text, StringComparison.Ordinal);

            Assert.Equal(Refused, await agent.EndsAsync(Late));
            Assert.Equal(0, await SitesApp.ReadAsync(target));
            await app.ConnectedAsync(site, 0);
            await using var again = app.StartAgent(folder, ["agent"]);
            Assert.Equal(Refused, await again.EndsAsync(Late));
            Assert.Contains("does not know this agent", again.Said, StringComparison.Ordinal);
            Assert.Equal(1, await app.AuditedAsync("agent.revoked", id));
        }
    }

    [Fact]
    public async Task A_token_makes_one_machine_an_agent_once_and_in_time()
    {
        var (site, id, arguments) = await app.AddSiteAsync();
        await using (var first = app.StartAgent("jeton-1", arguments))
            await app.ConnectedAsync(site, 1, first);
        await RefusedAsync("jeton-2", arguments, "was used already");
        await RefusedAsync("jeton-3", [.. arguments[..^1], "jeton"], "no token of this server");

        var late = await app.CommandAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await RefusedAsync("jeton-4", late, "has expired");
        Assert.Equal((1, 2), (await app.AuditedAsync("agent.enrolled", id), await app.AuditedAsync("agent.token-refused", id)));
    }

    [Fact]
    public async Task A_server_whose_authority_is_not_the_pinned_one_gets_no_token()
    {
        var (_, id, arguments) = await app.AddSiteAsync();
        var pin = Array.IndexOf(arguments, "--pin");
        await RefusedAsync("pin-1", [.. arguments[..(pin + 1)], new string('a', 64), .. arguments[(pin + 2)..]], "does not show the authority");
        // Without the pin, the system's authorities decide, and they do not know this one.
        await using (var unpinned = app.StartAgent("pin-2", [.. arguments[..pin], .. arguments[(pin + 2)..]]))
            Assert.Equal(1, await unpinned.EndsAsync(Late));
        Assert.Equal(0, await app.AuditedAsync("agent.enrolled", id));
    }

    [Fact]
    public async Task An_agent_comes_back_by_itself_after_the_server_was_started_again()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            await app.RestartAsync();
            await app.ConnectedAsync(site, 1, agent);
            using var listener = app.Lan.Machine.Listen(5904);
            await using var link = await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5904), CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_machine_whose_name_cannot_be_kept_is_told_so_and_keeps_its_token()
    {
        var (_, _, arguments) = await app.AddSiteAsync();
        foreach (var name in new[] { "", "  ", "poste\0", "poste\a", "poste\u202Eexe", new string('p', 101) })
        {
            using var refused = await EnrolAsync(name);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.BadRequest, "urn:relais:agent-name"), (refused.StatusCode, problem.GetProperty("type").GetString()));
            Assert.Contains("100 caractères", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        using var enrolled = await EnrolAsync("poste-de-l’accueil");
        Assert.Equal(HttpStatusCode.OK, enrolled.StatusCode);

        Task<HttpResponseMessage> EnrolAsync(string name) =>
            app.OpenBrowser().Client.PostAsJsonAsync("/api/agent/enrolments", new { token = arguments[^1], name });
    }

    [Fact]
    public async Task Whoever_is_no_agent_carries_nothing()
    {
        var (_, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            foreach (var path in new[] { "/gateway/agent/link", "/gateway/agent/carry" })
            {
                using var answer = await app.OpenBrowser().Client.GetAsync(path);
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                using var socket = app.ShellSocket("secret", "poste");
                await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"wss://localhost:{app.Address.Port}{path}"), CancellationToken.None));
                Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
            }
        }
    }

    private async Task RefusedAsync(string folder, IEnumerable<string> arguments, string why)
    {
        await using var agent = app.StartAgent(folder, arguments);
        Assert.Equal(Refused, await agent.EndsAsync(Late));
        Assert.Contains(why, agent.Said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(app.DataFolder, folder, "agent.json")));
    }
}
