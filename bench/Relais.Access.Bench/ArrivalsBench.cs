using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using Relais.Access.Bench.Arrivals;

namespace Relais.Access.Bench;

/// <summary>Six hundred people's first sign-in within five minutes at two nodes behind HAProxy, of which one is killed at half time, with twenty terminals open.</summary>
internal static class ArrivalsBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Centres = ["Centre d’appels de Lille", "Centre d’appels de Rennes", "Centre d’appels de Toulouse"];

    public static async Task<int> RunAsync(string program, string connection, string folder, int people, int seconds, int sessions)
    {
        var clock = TimeProvider.System;
        using var a = new Node(program, connection, Path.Combine(folder, "a"));
        using var b = new Node(program, connection, Path.Combine(folder, "b"));
        using var front = new Front();
        var (port, key) = front.StartShells(Directory.CreateDirectory(Path.Combine(folder, "sshd")).FullName);
        foreach (var node in new[] { a, b })
        {
            node.Settings["RELAIS__Relais__Proxies__0"] = "127.0.0.1";
            node.Settings["RELAIS__Desktops__Workstations__AllowedNetworks"] = "127.0.0.0/8";
            node.Settings["RELAIS__Desktops__Workstations__SshPorts"] = port.ToString(CultureInfo.InvariantCulture);
        }

        var passwords = (await a.SeedAsync(people)).Where(p => p.Key.StartsWith("enqueteur", StringComparison.Ordinal)).Take(people).ToList();
        await using var database = NpgsqlDataSource.Create(connection);
        await ScalarAsync(database, "INSERT INTO access.second_factor_rule (role) SELECT DISTINCT unnest(roles) FROM access.person ON CONFLICT DO NOTHING");
        await EnrolAsync(a, port, key, [.. passwords.Take(sessions).Select(p => p.Key)]);
        var machine = (Guid)(await ScalarAsync(database, """SELECT "Id" FROM desktops.workstation"""))!;
        ShareKeys(a, b);
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        var portal = front.StartProxy(folder, [a, b]);

        var everybody = passwords.Select(p => new ArrivingPerson(portal, p.Key, p.Value, clock)).ToList();
        using var late = new CancellationTokenSource(Patience + Patience + TimeSpan.FromSeconds(seconds));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(late.Token);
        await Task.WhenAll(everybody.Take(sessions).Select(p => p.ArriveAsync(late.Token)));
        var shells = everybody.Take(sessions).Select(p => new OpenShell(p, machine, clock)).ToList();
        var held = shells.Select(s => s.HoldAsync(enough.Token)).ToList();
        while (shells.Exists(s => !s.IsOpen) && !held.Exists(h => h.IsFaulted))
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, late.Token);

        var times = new ConcurrentBag<double>();
        var errors = new ConcurrentBag<string>();
        var killed = KillAsync(a, TimeSpan.FromSeconds(seconds / 2.0), clock);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(everybody.Skip(sessions).Select(async (person, i) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds * (double)i / Math.Max(people - sessions, 1)), clock);
            var began = Stopwatch.GetTimestamp();
            try
            {
                await person.ArriveAsync(late.Token);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
            {
                errors.Add($"{person.UserName}: {e.Message}");
            }
        }));
        var took = Stopwatch.GetElapsedTime(start);
        await killed;
        foreach (var person in everybody)
        {
            if (!await person.IsInAsync(late.Token))
                errors.Add($"{person.UserName} is out");
        }

        while (shells.Exists(s => !s.IsOpen) && !held.Exists(h => h.IsFaulted))
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, late.Token);
        await enough.CancelAsync();
        await Task.WhenAll(held);

        var whole = (long)(await ScalarAsync(database, "SELECT count(*) FROM access.sign_in WHERE second_factor"))!;
        var distinct = (long)(await ScalarAsync(database, "SELECT count(DISTINCT person_id) FROM access.sign_in WHERE second_factor"))!;
        var halves = (long)(await ScalarAsync(database, "SELECT count(*) FROM access.sign_in WHERE NOT second_factor"))!;
        var told = (long)(await ScalarAsync(database, "SELECT count(*) FROM kernel.audit_line WHERE action = 'person.signed-in'"))!;
        var chain = await b.SayAsync("audit", "verify");
        Machine.Say($"{people} first sign-ins with a second factor in {took.TotalSeconds:0} s, two nodes behind HAProxy, one killed after {seconds / 2} s, {sessions} terminals open");
        Console.WriteLine();
        Console.WriteLine("| | |");
        Console.WriteLine("|---|---|");
        Row("sign-in with second factor, p50", $"{Machine.At([.. times], 0.5):0} ms");
        Row("p99", $"{Machine.At([.. times], 0.99):0} ms");
        Row("longest", $"{Machine.At([.. times], 1):0} ms");
        Row("asked to wait or refused", $"{everybody.Sum(p => p.Refusals)}");
        Row("tried again because no node answered", $"{everybody.Sum(p => p.Retries)}");
        Row("errors", $"{errors.Count}");
        Row("people in at the end, of", $"{distinct} of {people}");
        Row("doubled sign-ins", $"{whole - distinct}");
        Row("sign-ins whose answer was lost, begun anew", $"{halves}");
        Row("lines of the audit trail lost", $"{whole + halves - told}");
        Row("terminals opened again, of", $"{shells.Count(s => s.Answered > 1)} of {sessions}");
        Row("audit", chain.Said.Trim());
        foreach (var error in errors.Take(10))
            Console.WriteLine(error);
        everybody.ForEach(p => p.Dispose());
        return errors.IsEmpty && whole == people && distinct == people && told == whole + halves && chain.Code == 0 ? 0 : 1;

        static void Row(string what, string value) => Console.WriteLine($"| {what} | {value} |");
    }

    private static async Task KillAsync(Node node, TimeSpan after, TimeProvider clock)
    {
        await Task.Delay(after, clock);
        node.Kill();
    }

    // Nodes of one institute share the secret of their keys.
    private static void ShareKeys(Node from, Node to)
    {
        Directory.CreateDirectory(Path.Combine(to.Folder, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(Path.Combine(from.Folder, "keys", "protection.key"), Path.Combine(to.Folder, "keys", "protection.key"));
    }

    private static async Task EnrolAsync(Node node, int port, string key, string[] people)
    {
        var folder = Directory.CreateDirectory(Path.Combine(node.Folder, "standins"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "standins.json"), JsonSerializer.Serialize(new[]
        {
            new { name = "Serveur de calcul", protocol = "Ssh", host = "127.0.0.1", port, people, groups = Centres, account = Environment.UserName, password = key },
        }));
        if ((await node.SayAsync("demo", "workstations")).Code != 0)
            throw new InvalidOperationException("The machine was not enrolled.");
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
