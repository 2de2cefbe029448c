using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Tests.Gateway;

/// <summary>An office workstation in a real Chromium, through the real server. The page asks the test, not a module, for its session.</summary>
[InChromium]
public sealed class WorkstationInBrowser(RelaisApp app, NlaWorkstation workstation) : IClassFixture<RelaisApp>, IClassFixture<NlaWorkstation>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The screen's middle, as IronRDP drew it: red, green, blue, opacity.
    private const string Middle = """
        () => {
            const canvas = document.querySelector('iron-remote-desktop')?.shadowRoot?.querySelector('canvas');
            if (!canvas || canvas.width === 0) return [];
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [canvas.width, canvas.height];
            copy.getContext('2d').drawImage(canvas, 0, 0);
            return [...copy.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data];
        }
        """;

    [Fact]
    public async Task The_screen_of_a_workstation_with_network_level_authentication_is_seen()
    {
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, ShadowWorkstation.Anne.Password);
        await UntilAsync(page, async () => await page.EvaluateAsync<int[]>(Middle) is [255, 255, 255, 255]);
        Assert.False(await page.IsVisibleAsync("[data-part=overlay]"));
    }

    [Fact]
    public async Task A_refused_password_is_said_and_not_tried_again()
    {
        await using var chromium = await Chromium.StartAsync();
        var asked = 0;
        var page = await OpenAsync(chromium, "faux", () => asked++);
        await UntilAsync(page, async () => await page.TextContentAsync("[data-part=title]") == "Votre poste a refusé ce mot de passe");
        Assert.Equal(1, asked);
        Assert.False(await page.IsVisibleAsync("[data-part=again]"));
    }

    private async Task<IPage> OpenAsync(Chromium chromium, string password, Action? asked = null)
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var page = await chromium.OpenAsync(app.Address, 800, 600);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=UserName]", person.UserName);
        await page.FillAsync("[name=Password]", person.Password);
        await page.PressAsync("[name=Password]", "Enter");
        await page.ArriveAsync(new Uri(app.Address, "/").AbsoluteUri);
        await page.RouteAsync("**/api/desktops/mine/open", async route =>
        {
            asked?.Invoke();
            await route.FulfillAsync(new() { ContentType = "application/json", Body = await GrantAsync(person, password) });
        });
        await page.GotoAsync("/desktop");
        return page;
    }

    private async Task<string> GrantAsync(TestPerson person, string password)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var signIn = await scope.ServiceProvider.GetRequiredService<AccessDb>().SignIns.SingleAsync(s => s.PersonId == person.Id);
        var target = new SessionTarget(
            "workstation", Guid.CreateVersion7(), "Poste d'Anne", workstation.Address, ShadowWorkstation.Anne.UserName, password, workstation.Pin, RdpSecurity.Nla);
        var request = new GrantRequest(
            new PersonId(person.Id), new SignInId(signIn.Id), target, ClipboardPolicy.None, 0x040C, TakeOver: true, Resume: null);
        var granted = Assert.IsType<GrantResult.Granted>(
            await scope.ServiceProvider.GetRequiredService<SessionDoor>().GrantAsync(request, Actor.System, CancellationToken.None)).Grant;
        return JsonSerializer.Serialize(new
        {
            session = granted.Session.Value,
            token = granted.Token,
            gateway = "/gateway/rdp",
            desktopName = target.Name,
            clipboard = new Dictionary<string, bool>(StringComparer.Ordinal) { ["in"] = false, ["out"] = false },
        });
    }

    private async Task UntilAsync(IPage page, Func<Task<bool>> happened)
    {
        using var late = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (!await happened())
        {
            if (late.IsCancellationRequested)
                Assert.Fail($"{await page.TextContentAsync("[data-part=overlay]")}\n{workstation.Said}");
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
