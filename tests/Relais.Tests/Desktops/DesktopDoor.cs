using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.CleanPath;

namespace Relais.Tests.Desktops;

/// <summary>Who gets through the gateway to a real desktop, and who does not.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopDoor(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    [Fact]
    public async Task A_token_opens_its_desktop_once()
    {
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var token = await TokenAsync(browser);

        using var first = await ConnectAsync(browser, token);
        Assert.True(first.Accepted);
        using var second = await ConnectAsync(browser, token);
        Assert.False(second.Accepted);
    }

    [Fact]
    public async Task Of_two_redemptions_at_once_exactly_one_wins()
    {
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var token = await TokenAsync(browser);
        var attempts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ConnectAsync(browser, token)));
        Assert.Equal(1, attempts.Count(a => a.Accepted));
        foreach (var attempt in attempts)
            attempt.Dispose();
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var token = await TokenAsync(browser);
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        using var late = await ConnectAsync(browser, token);
        Assert.False(late.Accepted);
    }

    [Fact]
    public async Task A_token_of_another_person_is_refused_and_stays_good_for_its_owner()
    {
        var owner = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var thief = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var token = await TokenAsync(owner);
        using (var stolen = await ConnectAsync(thief, token))
            Assert.False(stolen.Accepted);
        using var own = await ConnectAsync(owner, token);
        Assert.True(own.Accepted);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData(null)]
    public async Task A_foreign_or_absent_origin_is_refused(string? origin)
    {
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        await Assert.ThrowsAsync<WebSocketException>(() => OpenSocketAsync(browser, origin));
    }

    [Fact]
    public async Task A_request_without_our_own_form_token_opens_nothing()
    {
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var answer = await browser.Client.PostAsync("/api/desktops/mine/open", System.Net.Http.Json.JsonContent.Create(new { takeOver = true }));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_disabled_person_is_cut_within_five_seconds()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        using var connection = await ConnectAsync(browser, await TokenAsync(browser));
        Assert.True(connection.Accepted);

        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
        Assert.Equal(4003, (int)await connection.ClosedAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task An_administrator_ends_a_session_at_once()
    {
        // First, because a second factor moves the clock.
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var opened = await DesktopsApp.OpenDesktopAsync(browser);
        using var connection = await ConnectAsync(browser, opened.GetProperty("token").GetString()!);
        using var answer = await administrator.PostJsonAsync($"/api/gateway/sessions/{opened.GetProperty("session").GetGuid()}/end", new { });
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(4002, (int)await connection.ClosedAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_second_device_takes_the_desktop_over_and_the_first_is_told()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var office = await app.SignInAsync(person);
        using var first = await ConnectAsync(office, await TokenAsync(office));
        var home = await app.SignInAsync(person);
        using var second = await ConnectAsync(home, await TokenAsync(home));
        Assert.True(second.Accepted);
        Assert.Equal(4001, (int)await first.ClosedAsync(TimeSpan.FromSeconds(5)));

        // The first one's page resumes by itself after cuts: it must not take the desktop back unasked.
        using var resumed = await office.PostJsonAsync("/api/desktops/mine/open", new { takeOver = false });
        Assert.Equal(System.Net.HttpStatusCode.Conflict, resumed.StatusCode);
    }

    private static async Task<string> TokenAsync(Browser browser) =>
        (await DesktopsApp.OpenDesktopAsync(browser)).GetProperty("token").GetString() ?? "";

    private async Task<Connection> ConnectAsync(Browser browser, string token)
    {
        var socket = await OpenSocketAsync(browser, app.Address.GetLeftPart(UriPartial.Authority));
        await socket.SendAsync(Gateway.Browser.RequestFor("desktop", token), WebSocketMessageType.Binary, true, CancellationToken.None);
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        var bytes = new System.Buffers.ReadOnlySequence<byte>(buffer, 0, received.Count);
        var read = CleanPathReader.TryRead(ref bytes, buffer.Length, out var answer, out _);
        return new Connection(socket, read == ReadResult.Complete && answer is { Error: null, X224: not null });
    }

    private async Task<ClientWebSocket> OpenSocketAsync(Browser browser, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = browser.Cookies;
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(app.DataFolder, "tls", "ca.crt"));
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is not null && string.Equals(certificate.Issuer, authority.Subject, StringComparison.Ordinal);
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new Uri($"wss://localhost:{app.Address.Port}/gateway/rdp"), CancellationToken.None);
        return socket;
    }

    private sealed class Connection(ClientWebSocket socket, bool accepted) : IDisposable
    {
        public bool Accepted => accepted;

        /// <summary>Reads until the gateway closes; the code that it gave.</summary>
        public async Task<WebSocketCloseStatus> ClosedAsync(TimeSpan within)
        {
            using var late = new CancellationTokenSource(within);
            var buffer = new byte[16 * 1024];
            while ((await socket.ReceiveAsync(buffer, late.Token)).MessageType != WebSocketMessageType.Close)
            {
                // What the desktop still had to say.
            }

            return socket.CloseStatus ?? WebSocketCloseStatus.Empty;
        }

        public void Dispose() => socket.Dispose();
    }
}
