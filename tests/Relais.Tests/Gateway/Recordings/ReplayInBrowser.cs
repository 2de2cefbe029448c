using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Recordings;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>An auditor in a real Chromium, who sees again what a person saw in another.</summary>
[InChromium]
public sealed class ReplayInBrowser(ConsolesApp app) : IClassFixture<ConsolesApp>
{
    private const string Rows = "document.querySelector('.xterm-rows')?.innerText.replaceAll('\\u00a0', ' ') ?? ''";

    private const string ShowsBlue = """
        () => { const c = document.querySelector('.replay-place canvas, .remote-place canvas'); if (!c?.width) return false;
          const [r, g, b] = c.getContext('2d').getImageData(300, 300, 1, 1).data;
          return Math.abs(r - 0x20) < 8 && Math.abs(g - 0x40) < 8 && Math.abs(b - 0x80) < 8; }
        """;

    [Fact]
    public async Task A_terminal_shows_what_it_showed_with_a_mark_for_its_person()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var (person, page) = await OpenAsync(chromium, await sshd.TargetAsync(), "ssh");
        await page.WaitForSelectorAsync("[data-part=recorded]:visible");
        await page.WaitForSelectorAsync("text=Cette session est enregistrée : ce qui s’affiche, jamais ce que vous tapez.");
        await page.Keyboard.InsertTextAsync("echo été $((20 + 1))");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync($"() => ({Rows}).includes('\\nété 21')");
        await page.SetViewportSizeAsync(700, 500);
        await page.WaitForFunctionAsync("() => document.querySelector('.xterm-rows').children.length < 35");
        var rows = await page.EvaluateAsync<int>("document.querySelector('.xterm-rows').children.length");
        await page.Keyboard.InsertTextAsync("stty size; exit");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("text=La session est terminée");

        var replay = await ReplayAsync(chromium, person);
        await ToEndAsync(replay);
        await replay.WaitForFunctionAsync($"() => ({Rows}).includes('\\nété 21')");
        await replay.WaitForFunctionAsync($"() => ({Rows}).includes('\\n{rows} ') && document.querySelector('.xterm-rows').children.length === {rows}");

        await replay.WaitForFunctionAsync("() => document.querySelector('[data-part=play]').textContent === 'Lire'");

        // The end of the slider is the end, also when nothing plays.
        await ToEndAsync(replay);
        await replay.WaitForFunctionAsync($"() => ({Rows}).includes('\\n{rows} ')");

        // Back to the beginning, where nothing was shown yet, and from there by itself.
        await replay.EvaluateAsync("() => { const at = document.querySelector('[data-part=at]'); at.value = '0'; at.dispatchEvent(new Event('input')); }");
        await replay.WaitForFunctionAsync($"() => !({Rows}).includes('été 21')");
        await replay.SelectOptionAsync("[data-part=speed]", "16");
        await replay.ClickAsync("[data-part=play]");
        await replay.WaitForFunctionAsync($"() => ({Rows}).includes('\\nété 21')");
        await replay.WaitForFunctionAsync("() => document.querySelector('[data-part=play]').textContent === 'Lire'");
        Assert.Equal("", await replay.TextContentAsync("[data-part=status]"));
    }

    [Fact]
    public async Task A_screen_shows_the_picture_that_it_showed()
    {
        await using var xvnc = await Xvnc.StartAsync();
        await xvnc.ShowTerminalAsync();
        await using var chromium = await Chromium.StartAsync();
        var (person, page) = await OpenAsync(chromium, xvnc.Target(), "vnc");
        await page.WaitForFunctionAsync(ShowsBlue);
        await page.Context.CloseAsync();

        var replay = await ReplayAsync(chromium, person);
        await ToEndAsync(replay);
        await replay.WaitForFunctionAsync(ShowsBlue);
    }

    private async Task<(TestPerson Person, IPage Page)> OpenAsync(Chromium chromium, SessionTarget target, string client)
    {
        app.Target = target with { Recording = RecordingPolicy.Mandatory };
        var person = await app.AddPersonAsync(Roles.Staff);
        var page = await app.ShowAsync(chromium, client, person);
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden });
        return (person, page);
    }

    // From the list, as an auditor goes.
    private async Task<IPage> ReplayAsync(Chromium chromium, TestPerson person)
    {
        await Desktops.DesktopsApp.UntilAsync(
            () => app.InGatewayAsync(db => db.Recordings.AnyAsync(r => r.PersonId == person.Id && r.State == RecordingState.Whole)), TimeSpan.FromSeconds(20));
        var id = await app.InGatewayAsync(db => db.Recordings.Where(r => r.PersonId == person.Id).Select(r => r.Id).SingleAsync());
        var page = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Auditor), "/recordings");
        await page.ClickAsync($"a[href='/recordings/{id}']");
        await page.WaitForSelectorAsync("[data-part=play]:enabled");
        return page;
    }

    // All of it is there, and shown.
    private static Task ToEndAsync(IPage page) => page.WaitForFunctionAsync("""
        () => { const at = document.querySelector('[data-part=at]'); if (!(Number(at.max) > 0)) return false;
          at.value = at.max; at.dispatchEvent(new Event('input'));
          const [now, all] = document.querySelector('[data-part=time]').textContent.split(' / '); return now === all; }
        """);
}
