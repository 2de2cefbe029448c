using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Relais.Gateway.Apps;

namespace Relais.Tests.Apps;

public sealed class AppHostNames(AppsApp app) : IClassFixture<AppsApp>
{
    private const string Hidden = "GET /headers HTTP/1.1\r\nHost: echo.localhost\r\n\r\n";

    [Theory]
    [InlineData("localhost", 302)]
    [InlineData("LOCALHOST:9", 302)]
    [InlineData("127.0.0.1", 302)]
    [InlineData("[::1]:8443", 302)]
    [InlineData("pilotage.localhost", 302)]
    [InlineData("PILOTAGE.localhost", 302)]
    [InlineData("inconnue.localhost", 404)]
    [InlineData("xn--pilotge-4ya.localhost", 421)]
    [InlineData("pilotage.localhost.", 421)]
    [InlineData("a.pilotage.localhost", 421)]
    [InlineData(".localhost", 421)]
    [InlineData("-a.localhost", 421)]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("evillocalhost", 421)]
    [InlineData("pilotage.localhost:99999999999", 0)]
    [InlineData("pilotage.localhost:-1", 400)]
    [InlineData("pilot age.localhost", 400)]
    [InlineData("pilotage.localhost/..", 400)]
    [InlineData("pilotage@localhost", 0)]
    [InlineData("piloté.localhost", 400)]
    [InlineData("<script>.localhost", 400)]
    public async Task A_host_name_leads_to_one_place_or_to_a_clear_refusal(string host, int status)
    {
        var answer = await AnswersAsync($"GET / HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
        var got = int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        // 0: whatever the server says, but no failure of its own.
        Assert.True(status == 0 ? got is >= 300 and < 500 : got == status, $"{host}: {answer.Split('\r')[0]}");
        if (status is 421)
            Assert.Contains("ne mène nulle part", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /headers HTTP/1.1\r\nHost: echo.localhost\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /headers HTTP/1.1\r\nHost: echo.localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n")]
    [InlineData("POST /headers HTTP/1.1\r\nHost: echo.localhost\r\nTransfer-Encoding: xchunked\r\n\r\n")]
    [InlineData("POST /headers HTTP/1.1\r\nHost: echo.localhost\r\nContent-Length : 0\r\n\r\n")]
    [InlineData("GET /headers HTTP/1.1\r\nHost: echo.localhost\r\n X-Folded: yes\r\n\r\n")]
    [InlineData("GET /headers HTTP/1.1\r\nHost: echo.localhost\r\nHost: pilotage.localhost\r\n\r\n")]
    [InlineData("GET /headers HTTP/1.1\r\nHost: echo.localhost\r\nX-A: a\0b\r\n\r\n")]
    [InlineData("GET /headers\u0001 HTTP/1.1\r\nHost: echo.localhost\r\nX A: b\r\n\r\n")]
    public async Task An_ambiguous_request_to_an_app_is_refused_and_nothing_of_it_reaches_the_app(string request)
    {
        var cookie = await CookieAsync();
        var before = app.Echo.Requests;
        var answers = await AnswersAsync(request.Replace("Host: echo.localhost\r\n", $"Host: echo.localhost\r\nCookie: {cookie}\r\nOrigin: https://echo.localhost\r\n", StringComparison.Ordinal) + Hidden);
        Assert.StartsWith("HTTP/1.1 400 ", answers, StringComparison.Ordinal);
        Assert.Equal(1, answers.Split("HTTP/1.1 ").Length - 1);
        Assert.Equal(before, app.Echo.Requests);
    }

    [Fact]
    public async Task A_body_that_looks_like_a_request_is_one_body_to_the_app()
    {
        var cookie = await CookieAsync();
        var before = app.Echo.Requests;
        var body = $"0\r\n\r\n{Hidden}";
        var answers = await AnswersAsync(
            $"POST /upload HTTP/1.1\r\nHost: echo.localhost\r\nOrigin: https://echo.localhost\r\nCookie: {cookie}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.StartsWith("HTTP/1.1 200 ", answers, StringComparison.Ordinal);
        Assert.Contains($"{body.Length}", answers.Split("\r\n\r\n", 2)[1], StringComparison.Ordinal);
        Assert.Equal(before + 1, app.Echo.Requests);
    }

    [Theory]
    [InlineData("+1")]
    [InlineData("01")]
    public async Task A_length_that_is_written_oddly_reaches_the_app_as_a_plain_number(string length)
    {
        var answers = await AnswersAsync(
            $"POST /headers HTTP/1.1\r\nHost: echo.localhost\r\nOrigin: https://echo.localhost\r\nCookie: {await CookieAsync()}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\nx");
        Assert.Contains("\"Content-Length\":\"1\"", answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/%0d%0aX-Injected:%20yes")]
    [InlineData("/a%0d%0a%0d%0aGET%20/headers")]
    [InlineData("/headers?x=%0d%0aX-Injected:%20yes")]
    public async Task Line_ends_in_an_address_stay_inside_it(string path)
    {
        var cookie = await CookieAsync();
        var before = app.Echo.Requests;
        var answers = await AnswersAsync($"GET {path} HTTP/1.1\r\nHost: echo.localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        Assert.DoesNotContain("X-Injected\"", answers, StringComparison.Ordinal);
        Assert.Equal(before + 1, app.Echo.Requests);
    }

    [Theory]
    [InlineData("/.relais")]
    [InlineData("/.relais/")]
    [InlineData("/.RELAIS/enter")]
    [InlineData("/.relais/other")]
    [InlineData("/x/../.relais/other")]
    [InlineData("/%2erelais/other")]
    public async Task Relaiss_own_paths_never_reach_an_app(string path)
    {
        var cookie = await CookieAsync();
        var before = app.Echo.Requests;
        var answers = await AnswersAsync($"GET {path} HTTP/1.1\r\nHost: echo.localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", answers, StringComparison.Ordinal);
        Assert.Equal(before, app.Echo.Requests);
    }

    [Fact]
    public async Task The_portals_paths_do_not_exist_on_an_apps_host()
    {
        using var browser = app.OpenBrowser();
        foreach (var path in new[] { "/sign-in", "/health/ready", "/api/people", PublishKeys.Path })
        {
            using var answer = await browser.SendAsync(HttpMethod.Get, app.UrlOf("echo", path));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    private async Task<string> CookieAsync()
    {
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        await browser.VisitAsync(app.UrlOf("echo", "/headers"));
        return $"{AppCookies.Visit}={browser.Cookies.GetCookies(app.UrlOf("echo"))[AppCookies.Visit]!.Value}";
    }

    private async Task<string> AnswersAsync(string bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", app.Address.Port);
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync(Encoding.UTF8.GetBytes(bytes));
        using var all = new MemoryStream();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await tls.CopyToAsync(all, late.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The server hung up, or waits for another request.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}
