using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>A real RDP workstation that Debian's xfreerdp showed, shown again in Chromium by IronRDP from the recording alone.</summary>
[InChromium]
public sealed class NativeReplayInBrowser(ConsolesApp app, NlaWorkstation workstation) : IClassFixture<ConsolesApp>, IClassFixture<NlaWorkstation>
{
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

    private async Task<string> GrantAsync(TestPerson person, ClipboardPolicy clipboard)
    {
        await app.SignInAsync(person);
        var signIn = await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());
        var target = new SessionTarget(
            Sshd.Kind, Guid.CreateVersion7(), "Poste d'Anne", workstation.Address, ShadowWorkstation.Anne.UserName, ShadowWorkstation.Anne.Password,
            workstation.Pin, RdpSecurity.Nla) { Recording = RecordingPolicy.Mandatory };
        var request = new GrantRequest(
            new PersonId(person.Id), new SignInId(signIn), target, clipboard, 0x40C, TakeOver: true, Resume: null, GrantDoor.Native);
        await using var scope = app.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<SessionDoor>().GrantAsync(request, Actor.System, CancellationToken.None);
        return Assert.IsType<GrantResult.Granted>(result).Grant.Token;
    }
}
