using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Usage;

namespace Relais.Tests.Desktops;

/// <summary>What is asked of desktops as jobs, on the real engine: one desktop through all of it.</summary>
[Collection(NetworkTests.Name)]
public sealed class FleetOnEngine(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    // TEST-NET-3 of RFC 5737: an address of this machine alone, which stands for a server of the internet.
    private const string Outside = "203.0.113.77";
    private const int Https = 443;

    [Fact]
    public async Task A_home_goes_back_to_its_snapshot_and_outlives_its_root_and_its_bundle()
    {
        // First, because a second factor moves the clock.
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var person = await app.AddPersonAsync(Roles.Staff);
        await DesktopsApp.OpenDesktopAsync(await app.SignInAsync(person));
        var instance = await app.InstanceOfAsync(person);
        var desktop = Guid.Parse(instance[2..]);
        await InsideAsync(instance, "echo gardé > /home/bureau/note && chown 1000:1000 /home/bureau/note && touch /etc/planted");

        await DoneAsync(administrator, new { action = "snapshot", desktops = new[] { desktop } });
        await InsideAsync(instance, "rm /home/bureau/note && touch /home/bureau/later");
        await DoneAsync(administrator, new { action = "restore", desktops = new[] { desktop } });
        await InsideAsync(instance, "grep gardé /home/bureau/note && ! test -e /home/bureau/later && test -e /etc/planted");

        await DoneAsync(administrator, new { action = "resize", memoryMiB = 1024, cpu = 1, desktops = new[] { desktop } });
        Assert.Equal("1024MiB", (await DesktopsApp.RunAsync("lxc", "config", "get", instance, "limits.memory")).Output.Trim());
        await InsideAsync(instance, "test $(cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max) = 1073741824");

        await NotesAsync(instance, desktop, "head -c 300M /dev/zero > /var/tmp/read-once", hour => hour is { WithCache: false, LimitMiB: 1024, Processors: 1, MemoryMiB: > 40 and < 724 });
        await NotesAsync(instance, desktop, "tail /dev/zero || rm /var/tmp/read-once", hour => hour.Kills > 0);

        using var server = await ListenOutsideAsync();
        Assert.True(await ReachesAsync(instance), "the ports of its bundle");
        await DoneAsync(administrator, new { action = "move", to = "enqueteur", desktops = new[] { desktop } });
        // The image here is the standard one's; what counts is the fresh root, the kept home, and the rules of the other bundle.
        await InsideAsync(instance, "grep gardé /home/bureau/note && ! test -e /etc/planted");
        Assert.Equal("1500MiB", (await DesktopsApp.RunAsync("lxc", "config", "get", instance, "limits.memory")).Output.Trim());
        Assert.False(await ReachesAsync(instance), "the interviewers' bundle has no way out");
        var host = DesktopsApp.HostInside();
        await InsideAsync(instance, $"timeout 3 bash -c 'exec 3<>/dev/tcp/{host}/{app.Address.Port}'");

        var boot = (await DesktopsApp.InsideAsync(instance, "cat /proc/1/stat | cut -d' ' -f22")).Output;
        await DoneAsync(administrator, new { action = "restart", desktops = new[] { desktop } });
        Assert.NotEqual(boot, (await DesktopsApp.InsideAsync(instance, "cat /proc/1/stat | cut -d' ' -f22")).Output);

        await DoneAsync(administrator, new { action = "archive", desktops = new[] { desktop } });
        Assert.DoesNotContain(instance, (await DesktopsApp.RunAsync("lxc", "list", "--format=csv", "--columns=n")).Output, StringComparison.Ordinal);
        await DoneAsync(administrator, new { action = "unarchive", desktops = new[] { desktop } });
        await DoneAsync(administrator, new { action = "start", desktops = new[] { desktop } });
        await InsideAsync(instance, "grep gardé /home/bureau/note");
    }

    // What the engine says of it after a command is in its hour: files that it wrote are no memory that it needs, and what was killed is counted.
    private async Task NotesAsync(string instance, Guid desktop, string command, Func<UsageHour, bool> isSo)
    {
        await InsideAsync(instance, command);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        UsageHour? hour = null;
        await DesktopsApp.UntilAsync(async () =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            hour = await scope.ServiceProvider.GetRequiredService<DesktopsDb>().UsageHours.AsNoTracking().Where(h => h.DesktopId == desktop)
                .OrderByDescending(h => h.LastSlot).FirstOrDefaultAsync();
            return hour is not null && isSo(hour);
        });
    }

    private async Task DoneAsync(Browser administrator, object request)
    {
        var job = await administrator.AskAsync(request);
        JsonElement answer = default;
        await DesktopsApp.UntilAsync(async () =>
        {
            // Whoever follows a job asks again; here the reconciler is told too, so that nothing waits for its round.
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DesktopsDb>().Database.ExecuteSqlRawAsync($"NOTIFY {Reconcile.Channel}");
            answer = await administrator.JobAsync(job);
            return answer.GetProperty("finishedAt").ValueKind != JsonValueKind.Null;
        });
        Assert.True(answer.GetProperty("counts").TryGetProperty("done", out var done) && done.GetInt32() == 1, answer.ToString());
    }

    private static async Task InsideAsync(string instance, string command)
    {
        var (code, output) = await DesktopsApp.InsideAsync(instance, command);
        Assert.True(code == 0, $"{command}: {output}");
    }

    private static async Task<bool> ReachesAsync(string instance) =>
        (await DesktopsApp.InsideAsync(instance, $"timeout 3 bash -c 'exec 3<>/dev/tcp/{Outside}/{Https}'")).Code == 0;

    private static async Task<Listening> ListenOutsideAsync()
    {
        await DesktopsApp.RunAsync("ip", "address", "add", $"{Outside}/32", "dev", "lo");
        return new Listening();
    }

    private sealed class Listening : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Parse(Outside), Https);

        public Listening() => _listener.Start();

        public void Dispose()
        {
            _listener.Dispose();
            using var ip = System.Diagnostics.Process.Start("ip", ["address", "del", $"{Outside}/32", "dev", "lo"]);
            ip.WaitForExit();
        }
    }
}
