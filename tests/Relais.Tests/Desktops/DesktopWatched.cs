using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Gateway;

namespace Relais.Tests.Desktops;

/// <summary>A supervisor who sees a person's real desktop, each in a Chromium of their own.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopWatched(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    // The picture, small enough to be compared: 40 by 25 averages of red, green and blue.
    private const string Picture = """
        () => {
            const canvas = document.querySelector('iron-remote-desktop')?.shadowRoot?.querySelector('canvas');
            if (!canvas || canvas.width === 0) return [];
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [40, 25];
            copy.getContext('2d').drawImage(canvas, 0, 0, 40, 25);
            return [...copy.getContext('2d').getImageData(0, 0, 40, 25).data].filter((_, i) => i % 4 !== 3);
        }
        """;

    [Fact]
    public async Task Whoever_joins_in_its_midst_sees_all_of_it_and_what_changes()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, person, "/desktop");
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });
        var instance = await app.InstanceOfAsync(person);
        await ColourAsync(instance, "#803010");
        await ShowsAsync(page, instance, 0x80, 0x30, 0x10);

        var watch = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Supervisor), "/sessions");
        await watch.ClickAsync($"form[action='/sessions/{await SessionAsync(person)}/watch'] button");
        await watch.WaitForSelectorAsync("text=En attente de sa réponse…");
        await page.ClickAsync("[data-part=watch-accept]");
        await SeesTheSameAsync(page, watch);

        await ColourAsync(instance, "#104080");
        await ShowsAsync(page, instance, 0x10, 0x40, 0x80);
        await SeesTheSameAsync(page, watch);
        Assert.False(await page.IsVisibleAsync("[data-part=overlay]"));
    }

    private async Task<Guid> SessionAsync(TestPerson person)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<GatewayDb>().Sessions.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync();
    }

    private static Task SeesTheSameAsync(IPage page, IPage watch) => DesktopsApp.UntilAsync(async () =>
    {
        var (theirs, seen) = (await page.EvaluateAsync<int[]>(Picture), await watch.EvaluateAsync<int[]>(Picture));
        return theirs.Length > 0 && theirs.Length == seen.Length && theirs.Zip(seen).All(pair => Math.Abs(pair.First - pair.Second) <= 8);
    }, TimeSpan.FromSeconds(60));

    private static async Task ShowsAsync(IPage page, string instance, int red, int green, int blue)
    {
        int[] picture = [];
        try
        {
            await DesktopsApp.UntilAsync(async () => Shows(picture = await page.EvaluateAsync<int[]>(Picture), red, green, blue));
        }
        catch (OperationCanceledException)
        {
            var runs = (await DesktopsApp.InsideAsync(instance, "ps -eo etimes,args --sort=etimes | head -40")).Output;
            Assert.Fail($"Not #{red:X2}{green:X2}{blue:X2} but {string.Join(' ', picture.Skip(3 * ((20 * 40) + 35)).Take(3))}; in it run:\n{runs}");
        }
    }

    // In the lower right, where no window is.
    private static bool Shows(int[] picture, int red, int green, int blue)
    {
        var at = 3 * ((20 * 40) + 35);
        return picture.Length > at + 2 && Math.Abs(picture[at] - red) < 12 && Math.Abs(picture[at + 1] - green) < 12 && Math.Abs(picture[at + 2] - blue) < 12;
    }

    // A window that covers the screen, in one colour.
    internal static async Task ColourAsync(string instance, string colour)
    {
        // One that opens before the session is there stays small.
        await DesktopsApp.UntilAsync(async () => (await DesktopsApp.InsideAsync(instance, "pgrep -x xfwm4 && pgrep -x xfdesktop")).Code == 0);
        Assert.Equal(0, (await DesktopsApp.InsideAsync(
            instance,
            "setsid setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/home/bureau DISPLAY=:10 XAUTHORITY=/run/user/1000/xauthority " +
            "XDG_RUNTIME_DIR=/run/user/1000 LANG=fr_FR.UTF-8 " +
            $"xfce4-terminal --disable-server --fullscreen --hide-menubar --hide-scrollbar --color-bg '{colour}' -x sleep 600 >/dev/null 2>&1 </dev/null &")).Code);
    }
}
