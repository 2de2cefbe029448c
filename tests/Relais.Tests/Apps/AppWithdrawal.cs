using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Relais.Tests.Apps;

public sealed class AppWithdrawal(AppsApp app) : IClassFixture<AppsApp>
{
    [Fact]
    public async Task Losing_the_group_ends_access_at_the_next_request()
    {
        var (person, browser) = await InsideAsync();
        await app.LeaveGroupAsync(person);
        using var answer = await browser.NavigateAsync(app.UrlOf("echo", "/headers"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("ne vous est plus ouverte", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_of_the_portal_ends_access_at_the_next_request()
    {
        var (_, browser) = await InsideAsync();
        await browser.SubmitAsync(await browser.GetAsync("/"), "/sign-out");
        using var page = await browser.NavigateAsync(app.UrlOf("echo", "/headers"));
        Assert.Equal("/apps/open", page.Headers.Location!.AbsolutePath);
        using var script = await browser.SendAsync(HttpMethod.Get, app.UrlOf("echo", "/headers"));
        Assert.Equal(HttpStatusCode.Unauthorized, script.StatusCode);
    }

    [Fact]
    public async Task A_disabled_person_is_out_at_the_next_request()
    {
        var (person, browser) = await InsideAsync();
        await app.DisableAsync(person);
        using var script = await browser.SendAsync(HttpMethod.Get, app.UrlOf("echo", "/headers"));
        Assert.Equal(HttpStatusCode.Unauthorized, script.StatusCode);
    }

    [Fact]
    public async Task A_visit_ends_after_its_time()
    {
        var (_, browser) = await InsideAsync();
        await app.InGatewayAsync(db => db.AppVisits.ExecuteUpdateAsync(set => set.SetProperty(v => v.ExpiresAt, app.Clock.GetUtcNow())));
        using var script = await browser.SendAsync(HttpMethod.Get, app.UrlOf("echo", "/headers"));
        Assert.Equal(HttpStatusCode.Unauthorized, script.StatusCode);
    }

    [Fact]
    public async Task A_shut_app_is_shut_for_everybody_at_once()
    {
        var id = await app.PublishAsync("Fermée", "fermee", app.Echo.Address);
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        Assert.Equal(HttpStatusCode.OK, (await browser.VisitAsync(app.UrlOf("fermee", "/headers"))).Status);
        await app.InGatewayAsync(db => db.WebApps.Where(a => a.Id == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Enabled, false)));
        var page = await browser.VisitAsync(app.UrlOf("fermee", "/headers"));
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Contains("fermée pour le moment", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group")]
    [InlineData("person")]
    [InlineData("sign-out")]
    public async Task An_open_socket_and_an_open_stream_are_cut_within_five_seconds(string what)
    {
        var (person, browser) = await InsideAsync();
        using var socket = await browser.ConnectAsync(app.UrlOf("echo", "/socket"), app.OriginOf("echo"));
        using var stream = await browser.ListenAsync(app.UrlOf("echo", "/events"));
        await using var events = await stream.Content.ReadAsStreamAsync();
        Assert.True(await events.ReadAsync(new byte[64]) > 0);
        switch (what)
        {
            case "group":
                await app.LeaveGroupAsync(person);
                break;
            case "person":
                await app.DisableAsync(person);
                break;
            default:
                await browser.SubmitAsync(await browser.GetAsync("/"), "/sign-out");
                break;
        }

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[16], late.Token));
        await Assert.ThrowsAnyAsync<IOException>(async () => Assert.Equal(0, await events.ReadAsync(new byte[64], late.Token)));
        Assert.False(late.IsCancellationRequested);
    }

    [Fact]
    public async Task A_socket_whose_person_may_go_on_stays_open()
    {
        var (_, browser) = await InsideAsync();
        using var socket = await browser.ConnectAsync(app.UrlOf("echo", "/socket"), app.OriginOf("echo"));
        // The look that cuts somebody else's has looked at this one too.
        var (other, others) = await InsideAsync();
        using var theirs = await others.ConnectAsync(app.UrlOf("echo", "/socket"), app.OriginOf("echo"));
        await app.LeaveGroupAsync(other);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<WebSocketException>(() => theirs.ReceiveAsync(new byte[16], late.Token));
        await socket.SendAsync("là"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, late.Token);
        var buffer = new byte[16];
        var got = await socket.ReceiveAsync(buffer, late.Token);
        Assert.Equal("là", Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    private async Task<(TestPerson Person, Browser Browser)> InsideAsync()
    {
        var person = await app.AddMemberAsync();
        var browser = await app.SignInAsync(person);
        Assert.Equal(HttpStatusCode.OK, (await browser.VisitAsync(app.UrlOf("echo", "/headers"))).Status);
        return (person, browser);
    }
}
