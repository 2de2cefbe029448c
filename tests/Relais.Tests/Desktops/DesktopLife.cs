using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;

namespace Relais.Tests.Desktops;

/// <summary>A desktop's life, on the real engine.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopLife(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    [Fact]
    public async Task Two_windows_that_open_at_once_get_one_desktop()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DesktopsApp.OpenDesktopAsync(browser)));

        await using var scope = app.Services.CreateAsyncScope();
        Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<DesktopsDb>().Desktops.CountAsync(d => d.PersonId == person.Id));
    }

    [Fact]
    public async Task A_desktop_sleeps_stops_and_comes_back_with_its_files()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        await DesktopsApp.OpenDesktopAsync(browser);
        var instance = await app.InstanceOfAsync(person);
        Assert.Equal(0, (await DesktopsApp.InsideAsync(instance, "echo gardé > /home/bureau/note && chown 1000:1000 /home/bureau/note")).Code);

        await app.WantAsync(person, Wanted.Frozen, DesktopState.Frozen);
        await DesktopsApp.OpenDesktopAsync(browser);
        await app.WantAsync(person, Wanted.Stopped, DesktopState.Stopped);

        // The root is thrown away; the home is a volume of its own.
        Assert.Equal(0, (await DesktopsApp.RunAsync("lxc", "delete", instance)).Code);
        await DesktopsApp.OpenDesktopAsync(browser);
        Assert.Contains("gardé", (await DesktopsApp.InsideAsync(instance, "cat /home/bureau/note")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_no_row_asked_for_is_removed()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        await DesktopsApp.OpenDesktopAsync(await app.SignInAsync(person));
        var instance = await app.InstanceOfAsync(person);

        await using (var scope = app.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
            await db.Desktops.Where(d => d.PersonId == person.Id).ExecuteDeleteAsync();
            await db.Database.ExecuteSqlRawAsync($"NOTIFY {Reconcile.Channel}");
        }

        await DesktopsApp.UntilAsync(async () => !(await DesktopsApp.RunAsync("lxc", "list", "--format=csv", "--columns=n")).Output.Contains(instance, StringComparison.Ordinal));
    }
}
