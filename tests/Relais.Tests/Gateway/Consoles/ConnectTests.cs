using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>A person's own ssh, with <c>relais connect</c> as its way to a host.</summary>
public sealed class ConnectTests(ConsolesApp app) : IClassFixture<ConsolesApp>
{
    private const string Hostname = OwnSsh.Hostname;

    [Fact]
    public async Task The_first_connection_asks_a_person_and_the_next_ones_do_not()
    {
        await using var sshd = await Sshd.StartAsync();
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        app.Shell = (person.Id, Hostname, await sshd.TargetAsync());
        var home = Directory.CreateTempSubdirectory("relais-connect-");
        try
        {
            using var first = OwnSsh.Start(app, home.FullName, sshd, "echo été; cat");
            await OwnSsh.AllowAsync(browser, await OwnSsh.CodeAsync(first));
            await first.StandardInput.WriteAsync("de l’autre côté");
            first.StandardInput.Close();
            Assert.Equal("été\nde l’autre côté", await OwnSsh.EndAsync(first));

            var kept = Path.Combine(home.FullName, "relais", "connect.json");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));

            // Half a megabyte each way, with the pass that was kept.
            using var second = OwnSsh.Start(app, home.FullName, sshd, "cat | wc -c; head -c 500000 /dev/zero | tr '\\0' x");
            await second.StandardInput.WriteAsync(new string('y', 500_000));
            second.StandardInput.Close();
            Assert.Equal("500000\n" + new string('x', 500_000), await OwnSsh.EndAsync(second));

            // Signed out: the pass ends with the sign-in that allowed it.
            await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, app.Clock.GetUtcNow())));
            using var third = OwnSsh.Start(app, home.FullName, sshd, "true");
            await OwnSsh.CodeAsync(third);
            third.Kill(entireProcessTree: true);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_open_connection_ends_when_its_person_is_disabled()
    {
        await using var sshd = await Sshd.StartAsync();
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        app.Shell = (person.Id, Hostname, await sshd.TargetAsync());
        var home = Directory.CreateTempSubdirectory("relais-connect-");
        try
        {
            using var ssh = OwnSsh.Start(app, home.FullName, sshd, "echo ouvert; sleep 60");
            await OwnSsh.AllowAsync(browser, await OwnSsh.CodeAsync(ssh));
            Assert.Equal("ouvert", await ssh.StandardOutput.ReadLineAsync());
            await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await ssh.WaitForExitAsync(late.Token);
            Assert.NotEqual(0, ssh.ExitCode);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_pass_opens_nothing_before_it_is_allowed_nor_after_it_is_taken_back_or_old()
    {
        await using var sshd = await Sshd.StartAsync();
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        app.Shell = (person.Id, Hostname, await sshd.TargetAsync());
        var (secret, code) = await AskAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await OpenAsync(secret, Hostname));
        Assert.Equal(HttpStatusCode.Unauthorized, await OpenAsync("", Hostname));

        await OwnSsh.AllowAsync(browser, code);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await OpenAsync(secret, Hostname));
        Assert.Equal(HttpStatusCode.NotFound, await OpenAsync(secret, "autre"));

        // Somebody else's list does not have it, and their button takes nothing back.
        var page = await browser.GetAsync("/connect");
        await browser.SubmitAsync(page, page.Document.QuerySelector("form[action$=revoke]")!.GetAttribute("action")!);
        Assert.Equal(HttpStatusCode.Unauthorized, await OpenAsync(secret, Hostname));

        (secret, code) = await AskAsync();
        await OwnSsh.AllowAsync(browser, code);
        app.Clock.Advance(TimeSpan.FromHours(8.1));
        Assert.Equal(HttpStatusCode.Unauthorized, await OpenAsync(secret, Hostname));
    }

    [Fact]
    public async Task A_computer_whose_name_cannot_be_shown_gets_no_pass()
    {
        foreach (var device in new[] { " ", "poste\0", "poste\u202Eexe", new string('p', 101) })
        {
            using var answer = await app.OpenBrowser().Client.PostAsJsonAsync("/api/connect/passes", new { device });
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.BadRequest, "urn:relais:connect-device"), (answer.StatusCode, problem.GetProperty("type").GetString()));
        }
    }

    [Fact]
    public async Task Nothing_but_SSH_passes()
    {
        await using var sshd = await Sshd.StartAsync();
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        app.Shell = (person.Id, Hostname, await sshd.TargetAsync());
        var (secret, code) = await AskAsync();
        await OwnSsh.AllowAsync(browser, code);
        using var socket = app.ShellSocket(secret, Hostname);
        await socket.ConnectAsync(app.ShellAddress, CancellationToken.None);
        await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), System.Net.WebSockets.WebSocketMessageType.Binary, true, CancellationToken.None);
        Assert.Equal(1011, await ConsolesApp.ClosedAsync(socket));
    }

    private async Task<(string Secret, string Code)> AskAsync()
    {
        using var answer = await app.OpenBrowser().Client.PostAsJsonAsync("/api/connect/passes", new { device = "un ordinateur" });
        var asked = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (asked.GetProperty("secret").GetString()!, asked.GetProperty("code").GetString()!);
    }

    private async Task<HttpStatusCode> OpenAsync(string secret, string host)
    {
        using var socket = app.ShellSocket(secret, host);
        try
        {
            await socket.ConnectAsync(app.ShellAddress, CancellationToken.None);
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // The status says why.
        }

        return socket.HttpStatusCode;
    }
}
