using Microsoft.Playwright;
using Relais.Access.Contracts;

namespace Relais.Tests.Desktops;

/// <summary>From home to one's own desktop, and from there to one's own workstation, which opens from nowhere else.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopRebound(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    [Fact]
    public async Task One_click_opens_the_desktop_and_in_it_the_page_of_the_workstation()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var id = await administrator.EnrolAsync(new { name = "Poste de montage", host = "10.2.0.12", owner = person.UserName, direct = false });
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, person, "/");
        await page.ClickAsync("text=Ouvrir dans mon bureau");
        await page.ArriveAsync($"**/desktop?workstation={id}");
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });
        var instance = await app.InstanceOfAsync(person);
        await DesktopsApp.UntilAsync(async () => (await DesktopsApp.InsideAsync(instance, $"grep -lza /workstations/{id} /proc/[0-9]*/cmdline")).Output.Contains("/proc/", StringComparison.Ordinal));

        // Firefox trusts what this trusts; whoever is not signed in there is asked to.
        Assert.Contains("/sign-in?", await FetchAsync(instance, $"/workstations/{id}", ""), StringComparison.Ordinal);

        // Inside, the same person is offered the workstation itself, and its account is asked for.
        using var browser = await app.SignInAsync(person);
        var cookies = string.Join("; ", browser.Cookies.GetCookies(app.Address).Select(c => $"{c.Name}={c.Value}"));
        Assert.Contains("Ouvrir dans mon bureau", (await browser.GetAsync("/workstations/mine")).Text, StringComparison.Ordinal);
        var inside = await FetchAsync(instance, "/workstations/mine", cookies);
        Assert.Contains("Poste de montage", inside, StringComparison.Ordinal);
        Assert.DoesNotContain("Ouvrir dans mon bureau", inside, StringComparison.Ordinal);
        Assert.Contains($"/workstations/{id}/account", await FetchAsync(instance, $"/workstations/{id}", cookies), StringComparison.Ordinal);
    }

    // With the certificate that was put inside, at the name that the desktop's own name service knows.
    private async Task<string> FetchAsync(string instance, string path, string cookies)
    {
        var (name, port) = (DesktopsApp.PortalName, app.Address.Port);
        var (_, output) = await DesktopsApp.InsideAsync(
            instance,
            // What an earlier one answered must not be taken for the answer.
            $"rm -f /tmp/answer; printf 'GET {path} HTTP/1.1\\r\\nHost: {name}:{port}\\r\\nCookie: {cookies}\\r\\nAccept: text/html\\r\\nConnection: close\\r\\n\\r\\n' | "
            + $"timeout 20 openssl s_client -ign_eof -quiet -verify_return_error -CAfile /usr/local/share/ca-certificates/relais.crt -servername {name} -connect {name}:{port} >/tmp/answer 2>&1 & "
            + "until grep -qsE '</html>|^Content-Length: 0' /tmp/answer || ! kill -0 $!; do sleep 0.1; done; kill $!; cat /tmp/answer");
        return output;
    }
}
