using System.Net;
using System.Net.Sockets;
using Relais.Access.Contracts;

namespace Relais.Tests.Desktops;

/// <summary>What a desktop can't reach, tried from inside two real ones.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopIsolation(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    [Fact]
    public async Task A_desktop_reaches_neither_another_desktop_nor_anything_of_the_host_but_the_portal()
    {
        var (first, second) = (await app.AddPersonAsync(Roles.Staff), await app.AddPersonAsync(Roles.Staff));
        foreach (var person in new[] { first, second })
            await DesktopsApp.OpenDesktopAsync(await app.SignInAsync(person));
        var (a, b) = (await app.InstanceOfAsync(first), await app.InstanceOfAsync(second));

        var host = DesktopsApp.HostInside();
        var other = await AddressOfAsync(b);

        // A listener on the bridge stands for any service of the host that was bound too widely, PostgreSQL among them.
        using var service = new TcpListener(IPAddress.Parse(host), 0);
        service.Start();
        var port = ((IPEndPoint)service.LocalEndpoint).Port;

        Assert.True(await ReachesAsync(a, "127.0.0.1", 3389), "the probe itself does not work");
        Assert.False(await ReachesAsync(a, other, 3389), "another desktop's RDP end");
        Assert.True(await ReachesAsync(a, host, app.Address.Port), "the portal");
        Assert.False(await ReachesAsync(a, host, port), "a service of the host");
        Assert.False(await ReachesAsync(a, host, 3389), "the host's own ports");
        Assert.False((await DesktopsApp.InsideAsync(a, "test -e /dev/lxd/sock")).Code == 0, "the engine's socket");
        Assert.NotEqual(0, (await DesktopsApp.InsideAsync(a, "mknod /tmp/disk b 254 0")).Code);
    }

    [Fact]
    public async Task A_desktop_has_its_limits_of_memory_and_processes()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        await DesktopsApp.OpenDesktopAsync(await app.SignInAsync(person));
        var shown = await DesktopsApp.RunAsync("lxc", "config", "show", await app.InstanceOfAsync(person));
        Assert.Contains("limits.memory: 1500MiB", shown.Output, StringComparison.Ordinal);
        Assert.Contains("limits.processes: \"600\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains("security.port_isolation: \"true\"", shown.Output, StringComparison.Ordinal);
    }

    private static async Task<string> AddressOfAsync(string instance)
    {
        var (_, output) = await DesktopsApp.RunAsync("lxc", "config", "device", "get", instance, "eth0", "ipv4.address");
        return output.Trim();
    }

    private static async Task<bool> ReachesAsync(string instance, string address, int port) =>
        (await DesktopsApp.InsideAsync(instance, $"timeout 3 bash -c 'exec 3<>/dev/tcp/{address}/{port}'")).Code == 0;
}
