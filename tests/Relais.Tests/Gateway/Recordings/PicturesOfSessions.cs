using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>Small pictures of sessions in the list of sessions: of those that are recorded, and for those who may see recordings.</summary>
[InChromium]
public sealed class PicturesOfSessions(ConsolesApp app, NlaWorkstation workstation) : IClassFixture<ConsolesApp>, IClassFixture<NlaWorkstation>
{
    private const string Loaded = "() => document.querySelector('[data-part=picture]')?.naturalWidth === 320";

    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. "not drawn by anybody"u8];

    [Theory]
    [InlineData("rdp")]
    [InlineData("ssh")]
    public async Task A_recorded_session_is_seen_small_in_the_list_until_it_ends(string client)
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        app.Target = (client == "ssh" ? await sshd.TargetAsync() : Workstation()) with { Recording = RecordingPolicy.Mandatory };
        var person = await app.AddPersonAsync(Roles.Staff);
        var page = await app.ShowAsync(chromium, client, person);
        await page.WaitForSelectorAsync("[data-part=recorded]:visible", new() { Timeout = 60_000 });
        var session = await SessionAsync(person);
        await Desktops.DesktopsApp.UntilAsync(() => app.InGatewayAsync(db => db.Pictures.AnyAsync(p => p.Of == session)), TimeSpan.FromSeconds(30));

        var administrator = await app.AddPersonAsync(Roles.Administrator);
        var list = await app.OpenPageAsync(chromium, administrator, "/sessions");
        await list.WaitForFunctionAsync(Loaded);
        Assert.True(await app.AuditedAsync("session.pictures-shown", session.ToString()) > 0);
        var supervisor = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Supervisor), "/sessions");
        Assert.Equal(0, await supervisor.Locator("[data-part=picture]").CountAsync());
        var refused = await supervisor.APIRequest.GetAsync(Path(session), new() { MaxRedirects = 0 });
        Assert.Equal(403, refused.Status);

        await list.ClickAsync($"form[action='/sessions/{session}/end'] button");
        await Desktops.DesktopsApp.UntilAsync(() => app.InGatewayAsync(async db => !await db.Pictures.AnyAsync(p => p.Of == session)), TimeSpan.FromSeconds(30));
        Assert.Equal(404, (await list.APIRequest.GetAsync(Path(session))).Status);
    }

    [Fact]
    public async Task Only_the_persons_own_page_gives_pictures_and_only_while_the_session_is_recorded()
    {
        await using var sshd = await Sshd.StartAsync();
        var (recorded, stranger) = (await app.SignInAsync(await app.AddPersonAsync(Roles.Staff)), await app.SignInAsync(await app.AddPersonAsync(Roles.Staff)));
        app.Target = await sshd.TargetAsync() with { Recording = RecordingPolicy.Mandatory };
        using var socket = await app.ConnectAsync(recorded, "/gateway/ssh", await ConsolesApp.TokenAsync(recorded));
        await ConsolesApp.TextAsync(socket);
        var session = await app.InGatewayAsync(db => db.Sessions.OrderByDescending(s => s.OpenedAt).Select(s => s.Id).FirstAsync());

        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(stranger, Path(session), Jpeg));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(recorded, Path(session), "<svg/>"u8.ToArray()));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(recorded, Path(session), [.. Jpeg, .. new byte[65 * 1024]]));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(recorded, Path(session), Jpeg));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(recorded, $"/api/gateway/watches/{Guid.NewGuid()}/picture", Jpeg));

        app.Target = await sshd.TargetAsync();
        using var other = await app.ConnectAsync(stranger, "/gateway/ssh", await ConsolesApp.TokenAsync(stranger));
        await ConsolesApp.TextAsync(other);
        var unrecorded = await app.InGatewayAsync(db => db.Sessions.OrderByDescending(s => s.OpenedAt).Select(s => s.Id).FirstAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(stranger, Path(unrecorded), Jpeg));
    }

    private static string Path(Guid session) => $"/api/gateway/sessions/{session}/picture";

    private SessionTarget Workstation() => new(
        Sshd.Kind, Guid.CreateVersion7(), "Poste d'Anne", workstation.Address, ShadowWorkstation.Anne.UserName, ShadowWorkstation.Anne.Password,
        workstation.Pin, RdpSecurity.Nla);

    private Task<Guid> SessionAsync(TestPerson person) => app.InGatewayAsync(db => db.Sessions.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());

    private static async Task<HttpStatusCode> SendAsync(Relais.Tests.Browser browser, string path, byte[] picture)
    {
        var content = new ByteArrayContent(picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var answer = await browser.PostAsync(path, content);
        return answer.StatusCode;
    }
}
