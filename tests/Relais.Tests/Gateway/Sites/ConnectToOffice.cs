using Relais.Access.Contracts;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Sites;

/// <summary>A person's own ssh to a machine of an office that only its agent reaches.</summary>
[Collection(NetworkTests.Name)]
public sealed class ConnectToOffice(SitesApp app) : IClassFixture<SitesApp>
{
    [Fact]
    public async Task A_persons_own_ssh_reaches_the_office_and_says_so_when_its_agent_is_away()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using var running = agent;
        await using var sshd = await Sshd.StartAsync(app.Lan.Machine, 22);
        var person = await app.AddPersonAsync(Roles.Staff);
        app.Shell = (person.Id, OwnSsh.Hostname, SitesApp.TargetOf(sshd, site));
        var home = Directory.CreateTempSubdirectory("relais-connect-");
        try
        {
            using var through = OwnSsh.Start(app, home.FullName, sshd, "cat | wc -c; echo de-$((40+2))-loin");
            await OwnSsh.AllowAsync(await app.SignInAsync(person), await OwnSsh.CodeAsync(through));
            await through.StandardInput.WriteAsync(new string('y', 500_000));
            through.StandardInput.Close();
            Assert.Equal("500000\nde-42-loin\n", await OwnSsh.EndAsync(through));

            await agent.DisposeAsync();
            await app.ConnectedAsync(site, 0);
            using var away = OwnSsh.Start(app, home.FullName, sshd, "true");
            using var late = new CancellationTokenSource(SitesApp.Patience);
            var said = await away.StandardError.ReadToEndAsync(late.Token);
            await away.WaitForExitAsync(late.Token);
            Assert.NotEqual(0, away.ExitCode);
            Assert.Contains("the agent of the host's office is not connected", said, StringComparison.Ordinal);

            // The ProxyCommand itself, which ssh's exit code does not show.
            await using var connect = TestProgram.Start(
                Path.Combine(AppContext.BaseDirectory, "relais"), OwnSsh.ArgumentsOf(app, OwnSsh.Hostname), ("XDG_CONFIG_HOME", home.FullName));
            Assert.Equal(1, await connect.EndsAsync());
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
