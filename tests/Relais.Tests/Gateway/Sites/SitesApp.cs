using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sites;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Sites;

/// <summary>The real server with an office that it does not reach, and agents there as processes of the built program.</summary>
public sealed class SitesApp : ConsolesApp
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private OfficeLan? _lan;
    private Relais.Tests.Browser? _administrator;

    internal OfficeLan Lan => _lan ?? throw new InvalidOperationException("Not started.");

    internal DialTarget Dial => Services.GetRequiredService<DialTarget>();

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        _lan = await OfficeLan.CreateAsync();
        Settings["Relais:Bind"] = "0.0.0.0";
        Settings["Relais:Names:0"] = "localhost";
        Settings["Relais:Names:1"] = _lan.Server;
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_lan is not null)
            await _lan.DisposeAsync();
    }

    public async Task<Relais.Tests.Browser> AdministratorAsync() => _administrator ??= await this.SignInAsync(await this.AddPersonAsync(Roles.Administrator));

    /// <summary>A new site, and the arguments of the command that its page gives for an agent of it.</summary>
    public async Task<(string Name, Guid Id, string[] Arguments)> AddSiteAsync()
    {
        var name = $"site-{Guid.NewGuid():N}"[..20];
        using var answer = await (await AdministratorAsync()).PostJsonAsync("/api/sites", new { name });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        return (name, id, await CommandAsync(id));
    }

    public async Task<string[]> CommandAsync(Guid site)
    {
        using var answer = await (await AdministratorAsync()).PostJsonAsync($"/api/sites/{site}/enrolments", null);
        var command = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("command").GetString()!;
        Assert.StartsWith($"relais agent --server https://localhost:{Address.Port} --pin ", command, StringComparison.Ordinal);
        return command.Replace("localhost", Lan.Server, StringComparison.Ordinal).Split(' ')[1..];
    }

    /// <summary>The link of an agent that takes every order and answers none.</summary>
    internal async Task<ClientWebSocket> HoldSilentlyAsync(Guid site)
    {
        using var answer = await OpenBrowser().Client.PostAsJsonAsync("/api/agent/enrolments", new { token = (await CommandAsync(site))[^1], name = "muet" });
        var secret = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
        var socket = ShellSocket(secret, "muet");
        await socket.ConnectAsync(new Uri($"wss://localhost:{Address.Port}{AgentDoor.LinkPath}"), CancellationToken.None);
        return socket;
    }

    /// <summary>An agent on the office's router, with a folder of its own.</summary>
    internal TestProgram StartAgent(string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        Lan.Router.Start(Path.Combine(AppContext.BaseDirectory, "relais"), [.. arguments, "--data", Path.Combine(DataFolder, folder)], environment);

    /// <summary>A site with its agent, connected.</summary>
    internal async Task<(string Name, Guid Id, TestProgram Agent, string Folder)> StartSiteAsync(params string[] more)
    {
        var (name, id, arguments) = await AddSiteAsync();
        var agent = StartAgent(name, [.. arguments, .. more]);
        await ConnectedAsync(name, 1, agent);
        return (name, id, agent, name);
    }

    internal async Task ConnectedAsync(string site, int count, TestProgram? agent = null)
    {
        using var late = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Services.GetRequiredService<SiteLinks>().Of(site).Count != count)
        {
            Assert.True(agent?.ExitCode is null, agent?.Said);
            await pause.WaitForNextTickAsync(late.Token);
        }
    }

    /// <summary>An SSH server of the office as a session's target.</summary>
    internal static SessionTarget TargetOf(Sshd sshd, string site) => new(
        "workstation", Guid.CreateVersion7(), "serveur du bureau", sshd.Address, Sshd.UserName, sshd.UserKey,
        SHA256.HashData(Convert.FromBase64String(File.ReadAllText(sshd.HostKeyFile).Split(' ')[1])))
    {
        Protocol = TargetProtocol.Ssh, Site = site,
    };

    /// <summary>One byte of what comes over a connection; zero at its end.</summary>
    internal static async Task<int> ReadAsync(Socket socket)
    {
        using var late = new CancellationTokenSource(Patience);
        return await socket.ReceiveAsync(new byte[1], late.Token);
    }

    public Task<int> AuditedAsync(string action, Guid site) =>
        this.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == action && l.Subject == $"site:{site}"));
}
