using System.Text.Json;
using Relais.Access.Bench.Arrivals;
using Relais.Tests.Desktops;
using Relais.Tests.Gateway.Consoles;
using Relais.Tests.Traffic;

namespace Relais.Tests.Serving;

/// <summary>
/// A morning at two nodes of one database behind Debian's HAProxy with the file of deploy/haproxy: people sign in for the first time and some have a machine open when one
/// node is ended by kill -9. The whole of it: ./relais bench access arrivals. Alone, because both cores are at work.
/// </summary>
[Collection(CollectorsBehindProxy.Alone)]
public sealed class TwoNodesBehindProxy
{
    private const int People = 60;
    private const int Terminals = 10;
    private const int BeforeTheKill = 20;
    private static readonly string[] Centres = ["Centre d’appels de Lille", "Centre d’appels de Rennes", "Centre d’appels de Toulouse"];

    [Fact]
    public async Task Of_two_nodes_one_is_killed_while_people_arrive_and_everybody_is_in_with_nothing_doubled_or_lost()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var a = await ServerProcess.CreateAsync();
        await using var b = a.Beside();
        foreach (var node in new[] { a, b })
        {
            node.Settings["RELAIS__Relais__Proxies__0"] = "127.0.0.1";
            node.Settings["RELAIS__Desktops__Workstations__AllowedNetworks"] = "127.0.0.0/8";
            node.Settings["RELAIS__Desktops__Workstations__SshPorts"] = $"{sshd.Address.Port}";
            node.Settings["RELAIS__Gateway__WatchEvery"] = "00:00:01";
        }

        var passwords = Passwords(await a.SayAsync($"demo people {People}"));
        await a.ScalarAsync("INSERT INTO access.second_factor_rule (role) SELECT DISTINCT unnest(roles) FROM access.person ON CONFLICT DO NOTHING");
        await EnrolAsync(a, sshd, [.. passwords.Keys.Take(Terminals)]);
        var machine = (Guid)(await a.ScalarAsync("""SELECT "Id" FROM desktops.workstation"""))!;
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await using var proxy = await ProxyOfFile.StartAsync([a, a, b]);

        var people = passwords.Select(p => new ArrivingPerson(proxy.Address, p.Key, p.Value, TimeProvider.System)).ToList();
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(late.Token);
        try
        {
            // The first have their terminals when the others come.
            await Task.WhenAll(people.Take(Terminals).Select(p => p.ArriveAsync(late.Token)));
            var shells = people.Take(Terminals).Select(p => new OpenShell(p, machine, TimeProvider.System)).ToList();
            var held = shells.Select(s => s.HoldAsync(enough.Token)).ToList();
            await UntilAsync(() => held.Exists(h => h.IsFaulted) || shells.TrueForAll(s => s.IsOpen));
            Assert.All(held, h => Assert.Null(h.Exception));
            var onKilled = shells.Where((_, i) => people[i].Cookies.GetCookies(proxy.Address)["relais-node"]?.Value == "1").ToList();
            Assert.InRange(onKilled.Count, 1, Terminals - 1);

            var arrived = 0;
            var arriving = people.Skip(Terminals).Select(async p =>
            {
                await p.ArriveAsync(late.Token);
                Interlocked.Increment(ref arrived);
            }).ToList();
            await UntilAsync(() => Volatile.Read(ref arrived) >= BeforeTheKill);
            a.Kill();
            await Task.WhenAll(arriving);
            await UntilAsync(() => onKilled.TrueForAll(s => s is { Answered: > 1, IsOpen: true }));
            Assert.All(shells.Except(onKilled), s => Assert.Equal(1, s.Answered));
            // With the cookies that they have, at the node that is left.
            foreach (var person in people)
                Assert.True(await person.IsInAsync(late.Token), person.UserName);
            await enough.CancelAsync();
            await Task.WhenAll(held);
            Assert.Equal(0, people.Sum(p => p.Refusals));
        }
        finally
        {
            people.ForEach(p => p.Dispose());
        }

        // A sign-in whose answer was lost is left half done; nobody has two that are whole.
        Assert.Equal((long)People, await b.ScalarAsync("SELECT count(*) FROM access.sign_in WHERE second_factor"));
        Assert.Equal((long)People, await b.ScalarAsync("SELECT count(DISTINCT person_id) FROM access.sign_in WHERE second_factor"));
        Assert.Equal((long)People, await b.ScalarAsync("SELECT count(*) FROM kernel.audit_line WHERE action = 'person.authenticator-set-up'"));
        Assert.Equal(
            await b.ScalarAsync("SELECT count(*) FROM access.sign_in"), await b.ScalarAsync("SELECT count(*) FROM kernel.audit_line WHERE action = 'person.signed-in'"));
        Assert.StartsWith("audit chain whole", await b.SayAsync("audit verify"), StringComparison.Ordinal);
    }

    private static Task UntilAsync(Func<bool> holds) => DesktopsApp.UntilAsync(() => Task.FromResult(holds()), TimeSpan.FromSeconds(60));

    // The interviewers of the sample institute, by what the verb prints: a name and its password on a line.
    private static Dictionary<string, string> Passwords(string said) => said.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(l => l is [var name, _, ..] && name.StartsWith("enq", StringComparison.Ordinal)).Take(People).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);

    private static async Task EnrolAsync(ServerProcess node, Sshd sshd, string[] people)
    {
        var folder = Directory.CreateDirectory(Path.Combine(node.Folder, "standins"));
        var samples = new[]
        {
            new
            {
                name = "Serveur de calcul", protocol = "Ssh", host = "127.0.0.1", port = sshd.Address.Port, people, groups = Centres,
                account = Sshd.UserName, password = sshd.UserKey,
            },
        };
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "standins.json"), JsonSerializer.Serialize(samples));
        Assert.Contains("Serveur de calcul", await node.SayAsync("demo workstations"), StringComparison.Ordinal);
    }
}
