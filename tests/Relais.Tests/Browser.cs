using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Relais.Tests;

/// <summary>What a browser does, without a screen: keeps cookies, follows redirects, fills in forms. It trusts the server's own authority only.</summary>
public sealed class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(Uri address, X509Certificate2 authority, IPAddress? from)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(authority);
        var handler = new SocketsHttpHandler
        {
            CookieContainer = Cookies,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
            ConnectCallback = (call, cancel) => ConnectAsync(call.DnsEndPoint.Port, from ?? IPAddress.Loopback, cancel),
        };
        _client = new HttpClient(handler) { BaseAddress = address };
        _client.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        _client.DefaultRequestHeaders.Add("Accept-Language", "fr");
    }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Client => _client;

    public string? Cookie(string name) => Cookies.GetCookies(_client.BaseAddress!)[name]?.Value;

    public void SetCookie(string name, string value) => Cookies.Add(_client.BaseAddress!, new Cookie(name, value) { Secure = true });

    /// <summary>The same person's browser, with the same cookies, at another node of the same name.</summary>
    public Browser At(Uri address, X509Certificate2 authority)
    {
        var other = new Browser(address, authority, null);
        foreach (Cookie cookie in Cookies.GetAllCookies())
            other.SetCookie(cookie.Name, cookie.Value);
        return other;
    }

    public Task<Page> GetAsync(string address) => FollowAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Sends the form of <paramref name="page"/> that has these fields, with what it holds already; a null takes a field away.</summary>
    public Task<Page> SubmitAsync(Page page, params (string Name, string? Value)[] fields) => SubmitAsync(page, null, fields);

    /// <summary>The same for the form that posts to this action, or has this form name.</summary>
    public async Task<Page> SubmitAsync(Page page, string? form, params (string Name, string? Value)[] fields)
    {
        var (action, values) = page.Fill(form, fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(values) };
        return await FollowAsync(request);
    }

    /// <summary>Chooses a list in the form "upload" of a page and sends it.</summary>
    public async Task<Page> UploadAsync(string address, string file, string text)
    {
        var (action, values) = (await GetAsync(address)).Fill("upload", []);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in values.Where(v => v.Key != "File"))
            form.Add(new StringContent(value), name);
        using var list = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        list.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        form.Add(list, "File", file);
        using var response = await _client.PostAsync(action, form);
        return await Page.ReadAsync(action, response);
    }

    /// <summary>Calls the JSON interface, with the form token.</summary>
    public Task<HttpResponseMessage> PostJsonAsync(string address, object? body) => PostAsync(address, JsonContent.Create(body));

    /// <summary>Sends something that is no form, with the form token. Disposes it.</summary>
    public async Task<HttpResponseMessage> PostAsync(string address, HttpContent body)
    {
        var token = await _client.GetFromJsonAsync<JsonElement>("/api/access/form-token");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body };
        request.Headers.Add(token.GetProperty("headerName").GetString()!, token.GetProperty("requestToken").GetString());
        return await _client.SendAsync(request);
    }

    private async Task<Page> FollowAsync(HttpRequestMessage request)
    {
        var address = new Uri(_client.BaseAddress!, request.RequestUri!);
        var response = await _client.SendAsync(request);
        for (var hops = 0; (int)response.StatusCode is >= 300 and < 400; hops++)
        {
            Assert.True(hops < 8, $"Redirected in a circle, to {response.Headers.Location}");
            address = new Uri(address, response.Headers.Location!);
            Assert.Equal(_client.BaseAddress!.Authority, address.Authority);
            response.Dispose();
            response = await _client.GetAsync(address);
        }

        using (response)
            return await Page.ReadAsync(address, response);
    }

    private static async ValueTask<Stream> ConnectAsync(int port, IPAddress from, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _client.Dispose();
}
