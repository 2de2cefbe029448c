using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>A real RDP workstation that Debian's xfreerdp showed, shown again in Chromium by IronRDP from the recording alone.</summary>
public sealed class NativeReplayInBrowser(ConsolesApp app, NlaWorkstation workstation) : IClassFixture<ConsolesApp>, IClassFixture<NlaWorkstation>
{
    // Up to which column the picture is white in the row of its middle.
    private const string EdgeOfWhite = """
        () => {
            const canvas = document.querySelector('iron-remote-desktop').shadowRoot.querySelector('canvas');
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [canvas.width, canvas.height];
            copy.getContext('2d').drawImage(canvas, 0, 0);
            const row = copy.getContext('2d').getImageData(0, canvas.height / 2, canvas.width, 1).data;
            const other = row.findIndex(part => part !== 255);
            return String(other < 0 ? canvas.width : other / 4);
        }
        """;

    [Theory]
    [InlineData("/network:modem", ClipboardPolicy.None)]
    [InlineData("/bpp:16", ClipboardPolicy.None)]
    [InlineData("/rfx", ClipboardPolicy.None)]
    [InlineData("/gfx", ClipboardPolicy.Both)]
    public async Task What_a_native_client_showed_is_shown_again(string wish, ClipboardPolicy clipboard)
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var token = await GrantAsync(person, clipboard);
        await using (var client = await FreeRdp.StartAsync(
            "/v:localhost", $"/g:localhost:{app.Address.Port}", $"/gat:{token}", "/gt:http", "/sec:tls", wish, "+clipboard"))
        {
            await client.ShowsAsync();
        }

        await using var chromium = await Chromium.StartAsync();
        await RdpReplayInBrowser.ShouldReplayAsync(app, chromium, person);
    }

    // 650 is no multiple of four: the rows of the last bitmaps are padded, which IronRDP does not know.
    [Fact]
    public async Task A_picture_in_padded_bitmaps_is_shown_to_its_edge()
    {
        await using var wide = await ShadowWorkstation.StartAsync(nla: true, width: 650);
        var person = await app.AddPersonAsync(Roles.Staff);
        var token = await GrantAsync(person, ClipboardPolicy.None, wide);
        await using (var client = await FreeRdp.StartAsync(
            "/v:localhost", $"/g:localhost:{app.Address.Port}", $"/gat:{token}", "/gt:http", "/sec:tls", "/network:modem"))
        {
            await client.ShowsAsync();
        }

        await using var chromium = await Chromium.StartAsync();
        var replay = await RdpReplayInBrowser.ShouldReplayAsync(app, chromium, person);
        Assert.Equal("650", await replay.EvaluateAsync<string>(EdgeOfWhite));
    }

    private async Task<string> GrantAsync(TestPerson person, ClipboardPolicy clipboard, ShadowWorkstation? other = null)
    {
        var at = other ?? workstation;
        await app.SignInAsync(person);
        var signIn = await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());
        var target = new SessionTarget(
            Sshd.Kind, Guid.CreateVersion7(), "Poste d'Anne", at.Address, ShadowWorkstation.Anne.UserName, ShadowWorkstation.Anne.Password,
            at.Pin, RdpSecurity.Nla) { Recording = RecordingPolicy.Mandatory };
        var request = new GrantRequest(
            new PersonId(person.Id), new SignInId(signIn), target, clipboard, 0x40C, TakeOver: true, Resume: null, GrantDoor.Native);
        await using var scope = app.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<SessionDoor>().GrantAsync(request, Actor.System, CancellationToken.None);
        return Assert.IsType<GrantResult.Granted>(result).Grant.Token;
    }
}
