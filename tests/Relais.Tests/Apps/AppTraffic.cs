using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Gateway.Apps;

namespace Relais.Tests.Apps;

public sealed class AppTraffic(AppsApp app) : IClassFixture<AppsApp>
{
    [Fact]
    public async Task What_a_browser_claims_of_the_person_or_the_way_never_reaches_the_app()
    {
        var (person, browser) = await InsideAsync();
        var got = await HeadersAsync(
            browser, ("X-Relais-Identity", "forged"), ("x-relais-identity", "forged"), ("X_Relais_Identity", "forged"), ("X-Relais-User", "forged"), ("X-Relais-Anything", "forged"),
            ("X-Forwarded-For", "10.9.9.9"), ("X-Forwarded-Host", "forged.example"), ("X-Forwarded-Proto", "http"), ("X_Forwarded_For", "10.9.9.9"), ("X-Forwarded-User", "forged"),
            ("Forwarded", "for=10.9.9.9"), ("X-Real-IP", "10.9.9.9"), ("X-Original-URL", "/admin"), ("Authorization", $"Bearer {new string('a', 64)}"), ("Connection", "X-Relais-Identity"));
        Assert.DoesNotContain(got.Values, value => value.Contains("forged", StringComparison.Ordinal) || value.Contains("10.9.9.9", StringComparison.Ordinal));
        Assert.Equal(("127.0.0.1", "https", $"echo.localhost:{app.Address.Port}"), (got["X-Forwarded-For"], got["X-Forwarded-Proto"], got["X-Forwarded-Host"]));
        Assert.DoesNotContain("Authorization", got.Keys);
        Assert.DoesNotContain(IdentityToken.UserHeader, got.Keys);
        var claims = ClaimsOf(got[IdentityToken.Header]);
        Assert.Equal(person.Id.ToString(), claims.GetProperty("sub").GetString());
        Assert.Equal(person.UserName, claims.GetProperty("preferred_username").GetString());
        Assert.Equal(("echo.localhost", app.Address.GetLeftPart(UriPartial.Authority)), (claims.GetProperty("aud").GetString(), claims.GetProperty("iss").GetString()));
        Assert.Equal(60, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(["Études"], claims.GetProperty("groups").EnumerateArray().Select(g => g.GetString()));
    }

    [Fact]
    public async Task An_authorization_that_is_the_apps_own_passes()
    {
        var (_, browser) = await InsideAsync();
        Assert.Equal("Basic YTpi", (await HeadersAsync(browser, ("Authorization", "Basic YTpi")))["Authorization"]);
    }

    [Fact]
    public async Task The_apps_own_cookies_reach_it_and_Relaiss_do_not()
    {
        var (_, browser) = await InsideAsync();
        var visit = browser.Cookies.GetCookies(app.UrlOf("echo"))[AppCookies.Visit]!.Value;
        using var clean = app.OpenBrowser();
        var got = await HeadersAsync(clean, ("Cookie", $"a=1; {AppCookies.Visit}={visit}; __Host-relais=x; __host-relais-form=y;  b=\"2=2\""));
        Assert.Equal("a=1; b=\"2=2\"", got["Cookie"]);
    }

    [Fact]
    public async Task An_apps_answer_reaches_no_further_than_its_own_host()
    {
        var (_, browser) = await InsideAsync();
        using var cookies = await browser.SendAsync(HttpMethod.Get, app.UrlOf("echo", "/cookies"));
        Assert.Equal(["session=1; Path=/; HttpOnly; Secure"], cookies.Headers.GetValues("Set-Cookie"));
        Assert.False(cookies.Headers.Contains("Clear-Site-Data"));
        using var moved = await browser.SendAsync(HttpMethod.Get, app.UrlOf("echo", "/moved"));
        Assert.Equal(app.UrlOf("echo", "/there?a=1"), moved.Headers.Location);
        Assert.False(moved.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task The_host_name_and_the_bare_user_name_are_sent_as_the_app_is_set()
    {
        var (person, browser) = await InsideAsync();
        Assert.Equal($"echo.localhost:{app.Address.Port}", (await HeadersAsync(browser))["Host"]);
        var id = await app.PublishAsync("Ancienne", "ancienne", app.Echo.Address);
        await app.InGatewayAsync(db => db.WebApps.Where(a => a.Id == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.PassHost, false).SetProperty(a => a.SendUser, true)));
        var page = await browser.VisitAsync(app.UrlOf("ancienne", "/headers"));
        var got = JsonSerializer.Deserialize<Dictionary<string, string>>(page.Text)!;
        Assert.Equal(($"127.0.0.1:{app.Echo.Port}", person.UserName), (got["Host"], got[IdentityToken.UserHeader]));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://localhost:PORT")]
    [InlineData("https://pilotage.localhost:PORT")]
    [InlineData("http://echo.localhost:PORT")]
    [InlineData("https://echo.localhost")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_socket_that_another_page_opens_is_refused_and_the_app_sees_nothing(string? origin)
    {
        var (_, browser) = await InsideAsync();
        var before = app.Echo.Requests;
        var failure = await Assert.ThrowsAsync<WebSocketException>(() => browser.ConnectAsync(app.UrlOf("echo", "/socket"), origin?.Replace("PORT", $"{app.Address.Port}", StringComparison.Ordinal)));
        Assert.Contains("403", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, app.Echo.Requests);
    }

    [Fact]
    public async Task A_socket_without_a_cookie_is_refused()
    {
        using var browser = app.OpenBrowser();
        var failure = await Assert.ThrowsAsync<WebSocketException>(() => browser.ConnectAsync(app.UrlOf("echo", "/socket"), app.OriginOf("echo")));
        Assert.Contains("401", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_apps_own_page_opens_a_socket_that_carries_both_ways()
    {
        var (_, browser) = await InsideAsync();
        using var socket = await browser.ConnectAsync(app.UrlOf("echo", "/socket"), app.OriginOf("echo"));
        await socket.SendAsync("bonjour"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[64];
        var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
        Assert.Equal("bonjour", Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    [Theory]
    [InlineData("POST", "Origin", "https://pilotage.localhost:PORT", false)]
    [InlineData("POST", "Origin", "https://localhost:PORT", false)]
    [InlineData("POST", "Origin", "null", false)]
    [InlineData("POST", "Sec-Fetch-Site", "same-site", false)]
    [InlineData("POST", "X-Nothing", "said", false)]
    [InlineData("GET", "Sec-Fetch-Site", "same-site", false)]
    [InlineData("GET", "Sec-Fetch-Site", "cross-site", false)]
    [InlineData("GET", "Origin", "https://pilotage.localhost:PORT", false)]
    [InlineData("DELETE", "Origin", "https://evil.example", false)]
    [InlineData("POST", "Origin", "https://echo.localhost:PORT", true)]
    [InlineData("POST", "Sec-Fetch-Site", "same-origin", true)]
    [InlineData("GET", "Sec-Fetch-Site", "same-origin", true)]
    public async Task A_request_that_another_app_makes_the_browser_send_does_not_reach_the_app(string method, string header, string value, bool passes)
    {
        var (_, browser) = await InsideAsync();
        var before = app.Echo.Requests;
        using var answer = await browser.SendAsync(
            new HttpMethod(method), app.UrlOf("echo", "/headers"), (header, value.Replace("PORT", $"{app.Address.Port}", StringComparison.Ordinal)));
        Assert.Equal(passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(passes ? before + 1 : before, app.Echo.Requests);
    }

    [Fact]
    public async Task A_link_from_another_site_opens_the_page()
    {
        var (_, browser) = await InsideAsync();
        using var answer = await browser.SendAsync(
            HttpMethod.Get, app.UrlOf("echo", "/headers"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Events_arrive_while_the_stream_is_open()
    {
        var (_, browser) = await InsideAsync();
        using var answer = await browser.ListenAsync(app.UrlOf("echo", "/events"));
        await using var events = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64];
        var read = await events.ReadAsync(buffer);
        Assert.Equal("data: premier\n\n", Encoding.UTF8.GetString(buffer, 0, read));
    }

    [Fact]
    public async Task An_upload_larger_than_the_portal_takes_reaches_the_app()
    {
        var (_, browser) = await InsideAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, app.UrlOf("echo", "/upload")) { Content = new ByteArrayContent(new byte[48 << 20]) };
        request.Headers.Add("Origin", app.OriginOf("echo"));
        using var answer = await browser.Client.SendAsync(request);
        Assert.Equal(48 << 20, await answer.Content.ReadFromJsonAsync<long>());
    }

    [Theory]
    [InlineData("fr", "ne répond pas")]
    [InlineData("en", "does not answer")]
    public async Task An_app_that_is_down_is_told_in_the_readers_language_without_a_stack(string language, string words)
    {
        var label = $"absente-{language}";
        await app.PublishAsync("Absente", label, $"http://127.0.0.1:{TestProgram.FreePort()}");
        var (person, browser) = await InsideAsync();
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        var page = await browser.VisitAsync(app.UrlOf(label));
        Assert.Equal(HttpStatusCode.BadGateway, page.Status);
        Assert.Contains(words, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_too_slow_is_told()
    {
        var (_, browser) = await InsideAsync();
        using var answer = await browser.NavigateAsync(app.UrlOf("echo", "/hang"));
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Contains("trop de temps", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    public async Task A_name_is_resolved_for_each_connection_and_only_a_checked_address_is_dialled(string elsewhere)
    {
        var label = $"nom-{elsewhere.Length}";
        var name = $"{label}.bureau.lan";
        app.Names[name] = "127.0.0.1";
        await app.PublishAsync("Nommée", label, $"http://{name}:{app.Echo.Port}");
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        Assert.Equal("closed", (await browser.VisitAsync(app.UrlOf(label, "/close"))).Text);

        app.Names[name] = elsewhere;
        using var answer = await browser.NavigateAsync(app.UrlOf(label, "/close"));
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("mal publiée", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_to_Relais_itself_is_not_dialled_even_where_loopback_is_allowed()
    {
        app.Names["miroir.lan"] = "127.0.0.1";
        await app.PublishAsync("Miroir", "miroir", $"http://miroir.lan:{app.Address.Port}");
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        var page = await browser.VisitAsync(app.UrlOf("miroir"));
        Assert.Equal(HttpStatusCode.BadGateway, page.Status);
        Assert.Contains("mal publiée", page.Text, StringComparison.Ordinal);
    }

    private async Task<(TestPerson Person, Browser Browser)> InsideAsync()
    {
        var person = await app.AddMemberAsync();
        var browser = await app.SignInAsync(person);
        Assert.Equal(HttpStatusCode.OK, (await browser.VisitAsync(app.UrlOf("echo", "/headers"))).Status);
        return (person, browser);
    }

    private async Task<Dictionary<string, string>> HeadersAsync(Browser browser, params (string Name, string Value)[] headers)
    {
        using var answer = await browser.SendAsync(HttpMethod.Get, app.UrlOf("echo", "/headers"), headers);
        var got = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, got);
        return new Dictionary<string, string>(JsonSerializer.Deserialize<Dictionary<string, string>>(got)!, StringComparer.OrdinalIgnoreCase);
    }

    private static JsonElement ClaimsOf(string token) =>
        JsonSerializer.Deserialize<JsonElement>(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));
}
