using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Desktops;

/// <summary>A person at a keyboard, in a real Chromium, in a real desktop.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopInBrowser(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    [Fact]
    public async Task What_a_French_keyboard_types_arrives_in_the_desktop()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=UserName]", person.UserName);
        await page.FillAsync("[name=Password]", person.Password);
        await page.PressAsync("[name=Password]", "Enter");
        await page.ArriveAsync(new Uri(app.Address, "/").AbsoluteUri);

        await TypeInDesktopAsync(page, person.Id);
        await ResizeAsync(page);
    }

    [Fact]
    public async Task The_first_administrator_changes_the_password_enrols_a_second_factor_and_works()
    {
        var (name, password) = await CreateAdministratorAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=UserName]", name);
        await page.FillAsync("[name=Password]", password);
        await page.PressAsync("[name=Password]", "Enter");

        await page.ArriveAsync("**/sign-in/new-password**");
        await page.FillAsync("[name=Password]", TestPeople.Password);
        await page.FillAsync("[name=Again]", TestPeople.Password);
        await page.PressAsync("[name=Again]", "Enter");

        await page.ArriveAsync("**/sign-in/set-up**");
        var key = await page.TextContentAsync("#totp-key") ?? "";
        await page.FillAsync("[name=Code]", Totp.Code(FromBase32(key), Totp.StepAt(app.Clock.GetUtcNow())));
        await page.PressAsync("[name=Code]", "Enter");
        await page.ClickAsync("p.actions a.primary");
        await page.ArriveAsync(new Uri(app.Address, "/").AbsoluteUri);

        await TypeInDesktopAsync(page, await app.InDatabaseAsync(db => db.Access.People.Where(p => p.UserName == name).Select(p => p.Id).SingleAsync()));
    }

    private async Task TypeInDesktopAsync(IPage page, Guid person)
    {
        await page.ClickAsync("a[href='/desktop']");
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });
        var instance = await app.InstanceOfAsync(person);
        Assert.Equal(0, (await DesktopsApp.InsideAsync(instance, Editor)).Code);

        // The editor takes a moment to open: what is typed before it has the keyboard is typed again.
        await DesktopsApp.UntilAsync(async () =>
        {
            await page.Mouse.ClickAsync(300, 300);
            // Where A is on an AZERTY keyboard: everything is selected and then typed over.
            await page.Keyboard.PressAsync("Control+KeyQ");
            await TypeAsync(page);
            await page.Keyboard.PressAsync("Control+KeyS");
            return (await DesktopsApp.InsideAsync(instance, "sleep 1; cat /home/bureau/essai.txt")).Output.Trim() == "é à ç €";
        });
    }

    // The window becomes smaller: the desktop is drawn in the new size, and the session is the same one.
    private async Task ResizeAsync(IPage page)
    {
        var sessions = await app.CountSessionsAsync();
        await page.SetViewportSizeAsync(1000, 700);
        await page.WaitForFunctionAsync(
            "() => { const c = document.querySelector('iron-remote-desktop')?.shadowRoot?.querySelector('canvas'); return c?.width === 1000 && c?.height === 700; }",
            null, new() { Timeout = 30_000 });
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden, Timeout = 30_000 });
        Assert.Equal(sessions, await app.CountSessionsAsync());
    }

    // The keys of é à ç € on an AZERTY keyboard, by their places.
    private static async Task TypeAsync(IPage page)
    {
        foreach (var key in new[] { "Digit2", "Space", "Digit0", "Space", "Digit9", "Space" })
            await page.Keyboard.PressAsync(key);
        await page.Keyboard.DownAsync("AltRight");
        await page.Keyboard.PressAsync("KeyE");
        await page.Keyboard.UpAsync("AltRight");
    }

    /// <summary>What ./relais up does on a new database.</summary>
    private async Task<(string Name, string Password)> CreateAdministratorAsync()
    {
        var verb = app.Services.GetServices<Verb>().Single(v => v.Name == "admin create");
        await using var said = new StringWriter();
        Assert.Equal(0, await verb.Run(new VerbCall(app.Services, [], said, said), CancellationToken.None));
        var words = said.ToString().Split(' ');
        return (words[Array.IndexOf(words, "name") + 1].TrimEnd(','), words[Array.IndexOf(words, "password") + 1]);
    }

    private static byte[] FromBase32(string key)
    {
        const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(key.Where(char.IsLetterOrDigit).Select(c => Convert.ToString(Digits.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    private const string Editor =
        "touch /home/bureau/essai.txt && chown 1000:1000 /home/bureau/essai.txt && " +
        "setsid setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/home/bureau DISPLAY=:10 XAUTHORITY=/run/user/1000/xauthority " +
        "XDG_RUNTIME_DIR=/run/user/1000 LANG=fr_FR.UTF-8 " +
        "mousepad /home/bureau/essai.txt >/dev/null 2>&1 </dev/null &";
}
