using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Recordings;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>A real RDP workstation that was shown in one Chromium, shown again in another by IronRDP from the recording alone.</summary>
[InChromium]
public sealed class RdpReplayInBrowser(ConsolesApp app, NlaWorkstation workstation) : IClassFixture<ConsolesApp>, IClassFixture<NlaWorkstation>
{
    internal const string MiddleIsWhite = """
        () => {
            const canvas = document.querySelector('iron-remote-desktop')?.shadowRoot?.querySelector('canvas');
            if (!canvas || canvas.width === 0) return false;
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [canvas.width, canvas.height];
            copy.getContext('2d').drawImage(canvas, 0, 0);
            return copy.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data.every(part => part === 255);
        }
        """;

    /// <summary>Whether all of the picture is within its place of the page.</summary>
    internal const string IsWithinItsPlace = """
        () => {
            const [canvas, place] = [document.querySelector('iron-remote-desktop').shadowRoot.querySelector('canvas'), document.querySelector('.replay-place')].map(e => e.getBoundingClientRect());
            return canvas.width > 0 && canvas.bottom <= place.bottom + 1 && canvas.right <= place.right + 1;
        }
        """;

    [Theory]
    [InlineData(ClipboardPolicy.None)]
    [InlineData(ClipboardPolicy.Both)]
    public async Task A_workstation_shows_the_picture_that_it_showed(ClipboardPolicy clipboard)
    {
        await using var chromium = await Chromium.StartAsync();
        app.Clipboard = clipboard;
        app.Target = new SessionTarget(
            Sshd.Kind, Guid.CreateVersion7(), "Poste d'Anne", workstation.Address, ShadowWorkstation.Anne.UserName, ShadowWorkstation.Anne.Password,
            workstation.Pin, RdpSecurity.Nla) { Recording = RecordingPolicy.Mandatory };
        var person = await app.AddPersonAsync(Roles.Staff);
        var page = await app.ShowAsync(chromium, "rdp", person);
        await page.WaitForFunctionAsync(MiddleIsWhite, null, new() { Timeout = 60_000 });
        await page.WaitForSelectorAsync("[data-part=recorded]:visible");
        await page.Context.CloseAsync();
        await ShouldReplayAsync(app, chromium, person);
    }

    /// <summary>Waits until the person's only recording is whole, and has it played to an auditor.</summary>
    internal static async Task ShouldReplayAsync(ConsolesApp app, Chromium chromium, TestPerson person)
    {
        await Desktops.DesktopsApp.UntilAsync(
            () => app.InGatewayAsync(db => db.Recordings.AnyAsync(r => r.PersonId == person.Id && r.State == RecordingState.Whole)), TimeSpan.FromSeconds(20));

        var id = await app.InGatewayAsync(db => db.Recordings.Where(r => r.PersonId == person.Id).Select(r => r.Id).SingleAsync());
        var said = new List<string>();
        var replay = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Auditor), "/recordings");
        replay.Console += (_, message) => said.Add(message.Text);
        await replay.ClickAsync($"a[href='/recordings/{id}']");
        await replay.WaitForSelectorAsync("[data-part=play]:enabled");
        try
        {
            await replay.WaitForFunctionAsync(MiddleIsWhite, null, new() { Timeout = 60_000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail(string.Join('\n', said));
        }

        Assert.True(await replay.EvaluateAsync<bool>(IsWithinItsPlace));
        // Back to the beginning, and there again.
        await replay.EvaluateAsync("() => { const at = document.querySelector('[data-part=at]'); at.value = '0'; at.dispatchEvent(new Event('input')); at.value = at.max; at.dispatchEvent(new Event('input')); }");
        await replay.WaitForFunctionAsync(MiddleIsWhite, null, new() { Timeout = 60_000 });
    }
}
