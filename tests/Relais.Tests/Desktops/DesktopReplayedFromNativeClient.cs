using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway;
using Relais.Gateway.Contracts;
using Relais.Gateway.Recordings;
using Relais.Tests.Gateway;

namespace Relais.Tests.Desktops;

/// <summary>A real desktop (xrdp) that Debian's xfreerdp showed, shown again in Chromium from its recording.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopReplayedFromNativeClient(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    // The share of the picture that is white.
    private const string White = """
        () => {
            const canvas = document.querySelector('iron-remote-desktop')?.shadowRoot?.querySelector('canvas');
            if (!canvas || canvas.width === 0) return 0;
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [canvas.width, canvas.height];
            copy.getContext('2d').drawImage(canvas, 0, 0);
            const data = copy.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            let white = 0;
            for (let i = 0; i < data.length; i += 4) if (data[i] > 250 && data[i + 1] > 250 && data[i + 2] > 250) white++;
            return 4 * white / data.length;
        }
        """;

    [Theory]
    [InlineData("/rfx")]
    [InlineData("/network:modem")] // plain bitmaps
    public async Task What_a_native_client_showed_of_a_desktop_is_shown_again(string wish)
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        var file = Path.Combine(app.DataFolder, $"{person.UserName}.rdp");
        await File.WriteAllBytesAsync(file, await DesktopsApp.SaveFileAsync(browser));
        await InGatewayAsync(db => db.Sessions.Where(s => s.PersonId == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Recording, RecordingPolicy.Mandatory)));

        await using (var client = await FreeRdp.StartAsync(file, "/gt:http", wish))
        {
            var instance = await app.InstanceOfAsync(person);
            await DesktopsApp.UntilAsync(async () =>
            {
                Assert.True(client.ExitCode is null, $"xfreerdp left with {client.ExitCode}: {client.Said}");
                return (await DesktopsApp.InsideAsync(instance, "pgrep -x xfce4-session")).Code == 0;
            });
            await DesktopWatched.ColourAsync(instance, "#FFFFFF");
            await client.ShowsAsync();
        }

        await DesktopsApp.UntilAsync(() => InGatewayAsync(db => db.Recordings.AnyAsync(r => r.PersonId == person.Id && r.State == RecordingState.Whole)));
        var id = await InGatewayAsync(db => db.Recordings.Where(r => r.PersonId == person.Id).Select(r => r.Id).SingleAsync());
        await using var chromium = await Chromium.StartAsync();
        var replay = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Auditor), $"/recordings/{id}");
        await replay.WaitForSelectorAsync("[data-part=play]:enabled");
        var share = 0.0;
        await DesktopsApp.UntilAsync(async () => (share = await replay.EvaluateAsync<double>(White)) > 0.8, TimeSpan.FromSeconds(60));
        Assert.InRange(share, 0.8, 1);
    }

    private async Task<T> InGatewayAsync<T>(Func<GatewayDb, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<GatewayDb>());
    }
}
