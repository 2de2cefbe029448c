using Microsoft.Playwright;
using Relais.Access.Contracts;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>A person in a real Chromium, in a shell of a real OpenSSH server.</summary>
[InChromium]
public sealed class TerminalInBrowser(ConsolesApp app) : IClassFixture<ConsolesApp>
{
    private const string Rows = "document.querySelector('.xterm-rows')?.innerText.replaceAll('\\u00a0', ' ') ?? ''";

    [Fact]
    public async Task What_is_typed_reaches_the_shell_in_UTF_8_and_is_shown()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, await sshd.TargetAsync());

        await page.Keyboard.InsertTextAsync("echo é€😀 | od -An -tx1");
        await page.Keyboard.PressAsync("Enter");
        await ShownAsync(page, "c3 a9 e2 82 ac f0 9f 98 80 0a");
        await page.Keyboard.InsertTextAsync("echo dit: été");
        await page.Keyboard.PressAsync("Enter");
        await ShownAsync(page, "\ndit: été");
    }

    [Fact]
    public async Task The_shell_has_the_size_of_the_page_and_follows_it()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, await sshd.TargetAsync());

        await ShowsItsSizeAsync(page);
        await page.SetViewportSizeAsync(700, 500);
        await page.WaitForFunctionAsync("() => document.querySelector('.xterm-rows').children.length < 35");
        await ShowsItsSizeAsync(page);
    }

    [Fact]
    public async Task Several_lines_are_pasted_only_after_a_yes_and_without_control_characters()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, await sshd.TargetAsync());

        await PasteAsync(page, "echo un\\necho deux\\u001b[201~\\n");
        await page.WaitForSelectorAsync("dialog[open]");
        Assert.Contains("2 lignes", await page.TextContentAsync("[data-part=paste-title]"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForSelectorAsync("dialog", new() { State = WaitForSelectorState.Hidden });

        await PasteAsync(page, "echo trois\\necho qua\\u001b[201~tre\\n");
        await page.ClickAsync("dialog button[value=paste]");
        await page.Keyboard.PressAsync("Enter");
        await ShownAsync(page, "\ntrois");
        Assert.DoesNotContain("\nun", await page.EvaluateAsync<string>(Rows), StringComparison.Ordinal);

        await PasteAsync(page, "echo seul");
        await page.Keyboard.PressAsync("Enter");
        await ShownAsync(page, "\nseul");
    }

    [Fact]
    public async Task A_keyboard_alone_reaches_the_toolbar_and_comes_back()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, await sshd.TargetAsync());

        await page.Keyboard.PressAsync("Control+Alt+Shift");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('[data-part=toolbar]').contains(document.activeElement)"));
        await page.Keyboard.PressAsync("Escape");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('.xterm').contains(document.activeElement)"));
        Assert.False(await page.IsVisibleAsync("[data-part=ctrl-alt-del]"));
    }

    [Fact]
    public async Task A_flood_of_output_is_held_back_and_can_be_stopped()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, await sshd.TargetAsync());

        await page.Keyboard.InsertTextAsync("yes relais");
        await page.Keyboard.PressAsync("Enter");
        await ShownAsync(page, "\nrelais\nrelais\nrelais\nrelais\nrelais\nrelais\nrelais\nrelais\nrelais\nrelais\n");
        await page.Keyboard.PressAsync("Control+KeyC");
        await page.Keyboard.InsertTextAsync("echo fini $((20 + 1))");
        await page.Keyboard.PressAsync("Enter");
        await ShownAsync(page, "\nfini 21");
    }

    [Fact]
    public async Task Leaving_the_shell_ends_the_session_in_good_order()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, await sshd.TargetAsync());

        await page.Keyboard.InsertTextAsync("exit");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("text=La session est terminée");
    }

    [Fact]
    public async Task A_changed_host_key_is_told_and_the_secret_is_not_given()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        await sshd.ChangeHostKeyAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await app.ShowAsync(chromium, "ssh", await app.AddPersonAsync(Roles.Staff));
        await page.WaitForSelectorAsync("text=Ce n’est peut-être pas la bonne machine");
    }

    [Fact]
    public async Task A_refused_password_is_told_and_not_tried_again()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync("ce n'est pas lui");
        await using var chromium = await Chromium.StartAsync();
        var page = await app.ShowAsync(chromium, "ssh", await app.AddPersonAsync(Roles.Staff));
        await page.WaitForSelectorAsync("text=La machine a refusé ce mot de passe ou cette clé");
        Assert.False(await page.IsVisibleAsync("[data-part=again]"));
    }

    private async Task<IPage> OpenAsync(Chromium chromium, Relais.Gateway.Contracts.SessionTarget target)
    {
        app.Target = target;
        var page = await app.ShowAsync(chromium, "ssh", await app.AddPersonAsync(Roles.Staff));
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden });
        await ShownAsync(page, Environment.IsPrivilegedProcess ? "#" : "$");
        return page;
    }

    private static async Task ShowsItsSizeAsync(IPage page)
    {
        var rows = await page.EvaluateAsync<int>("document.querySelector('.xterm-rows').children.length");
        await page.Keyboard.InsertTextAsync("stty size");
        await page.Keyboard.PressAsync("Enter");
        await ShownAsync(page, $"\n{rows} ");
    }

    private static Task PasteAsync(IPage page, string text) => page.EvaluateAsync(
        "const held = new DataTransfer(); held.setData('text/plain', \"" + text + "\");"
        + "document.querySelector('.xterm-helper-textarea').dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true }));");

    private static async Task ShownAsync(IPage page, string text)
    {
        try
        {
            await page.WaitForFunctionAsync($"text => ({Rows}).includes(text)", text, new() { Timeout = 20_000 });
        }
        catch (TimeoutException)
        {
            Assert.Contains(text, await page.EvaluateAsync<string>(Rows), StringComparison.Ordinal);
        }
    }
}
