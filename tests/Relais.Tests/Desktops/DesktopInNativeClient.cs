using System.Net;
using Relais.Access.Contracts;
using Relais.Tests.Gateway;

namespace Relais.Tests.Desktops;

/// <summary>A person who takes their desktop to a native client: the file that the server gives, in Debian's xfreerdp, to a real desktop.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopInNativeClient(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    [Theory]
    [InlineData("/gt:http")]
    [InlineData("/gt:http,no-websockets")]
    public async Task The_saved_file_opens_the_desktop_without_asking_for_a_password(string transport)
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        var file = Path.Combine(app.DataFolder, $"{person.UserName}.rdp");
        await File.WriteAllBytesAsync(file, await DesktopsApp.SaveFileAsync(browser));

        await using var client = await FreeRdp.StartAsync(file, transport);
        var instance = await app.InstanceOfAsync(person);
        await DesktopsApp.UntilAsync(async () =>
        {
            Assert.True(client.ExitCode is null, $"xfreerdp left with {client.ExitCode}: {client.Said}");
            return (await DesktopsApp.InsideAsync(instance, "pgrep -x xfce4-session")).Code == 0;
        });
        Assert.Null(client.ExitCode);

        // The same file from the home page's button, now that the desktop runs.
        var (action, values) = (await browser.GetAsync("/")).Fill("/api/desktops/mine/rdp", []);
        using var form = new FormUrlEncodedContent(values);
        using var saved = await browser.Client.PostAsync(action, form);
        Assert.Equal((HttpStatusCode.OK, "bureau.rdp"), (saved.StatusCode, saved.Content.Headers.ContentDisposition?.FileName));
    }
}
