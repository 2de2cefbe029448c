using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>A person in a real Chromium, on the screen of a real VNC server.</summary>
[InChromium]
public sealed class VncInBrowser(ConsolesApp app) : IClassFixture<ConsolesApp>
{
    // The blue of the terminal on its screen.
    private const string ShowsBlue = """
        () => { const c = document.querySelector('.remote-place canvas'); if (!c?.width) return false;
          const [r, g, b] = c.getContext('2d').getImageData(300, 300, 1, 1).data;
          return Math.abs(r - 0x20) < 8 && Math.abs(g - 0x40) < 8 && Math.abs(b - 0x80) < 8; }
        """;

    [Theory]
    [InlineData("VncAuth", ClipboardPolicy.Both)]
    [InlineData("VncAuth", ClipboardPolicy.None)]
    [InlineData("None", ClipboardPolicy.Both)]
    public async Task The_screen_is_shown_and_takes_keys(string security, ClipboardPolicy clipboard)
    {
        await using var xvnc = await Xvnc.StartAsync(security);
        await xvnc.ShowTerminalAsync();
        app.Target = xvnc.Target();
        app.Clipboard = clipboard;
        await using var chromium = await Chromium.StartAsync();
        var page = await app.ShowAsync(chromium, "vnc", await app.AddPersonAsync(Roles.Staff));
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden });
        await page.WaitForFunctionAsync(ShowsBlue);

        await page.Mouse.MoveAsync(300, 300);
        await page.Keyboard.TypeAsync("bonjour");
        await page.Keyboard.PressAsync("Enter");
        await Desktops.DesktopsApp.UntilAsync(
            async () => File.Exists(xvnc.TypedFile) && await File.ReadAllTextAsync(xvnc.TypedFile) == "bonjour", TimeSpan.FromSeconds(20));

        // The server follows the page's size.
        await page.SetViewportSizeAsync(1000, 700);
        await page.WaitForFunctionAsync("() => document.querySelector('.remote-place canvas').width === 1000");
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        await using var xvnc = await Xvnc.StartAsync();
        app.Target = xvnc.Target("faux");
        await using var chromium = await Chromium.StartAsync();
        var page = await app.ShowAsync(chromium, "vnc", await app.AddPersonAsync(Roles.Staff));
        await page.WaitForSelectorAsync("text=La machine a refusé ce mot de passe ou cette clé");
    }

    [Fact]
    public async Task A_machine_that_breaks_off_is_named_and_not_the_server()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = Task.Run(async () =>
        {
            while (true)
                (await listener.AcceptSocketAsync()).Dispose();
        });
        app.Target = new SessionTarget(Sshd.Kind, Guid.CreateVersion7(), "poste d’essai", (IPEndPoint)listener.LocalEndpoint, "", "x", []) { Protocol = TargetProtocol.Vnc };
        await using var chromium = await Chromium.StartAsync();
        var page = await app.ShowAsync(chromium, "vnc", await app.AddPersonAsync(Roles.Staff));
        await page.WaitForSelectorAsync("text=/(La machine|Votre bureau) ne répond pas, nouvel essai/");
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => closing);
    }

    [Fact]
    public async Task Too_many_wrong_passwords_are_told_apart()
    {
        await using var xvnc = await Xvnc.StartAsync();
        app.Target = xvnc.Target("faux");
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var codes = new HashSet<int>();
        for (var attempt = 0; attempt < 12 && !codes.Contains(4011); attempt++)
        {
            using var socket = await app.ConnectAsync(browser, "/gateway/vnc", await ConsolesApp.TokenAsync(browser));
            codes.Add(await ConsolesApp.ClosedAsync(socket));
        }

        Assert.Equal([4010, 4011], codes.Order());
    }
}
