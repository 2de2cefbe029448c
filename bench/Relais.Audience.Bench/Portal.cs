using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Relais.Audience.Bench;

/// <summary>The pages of a server as a researcher's browser uses them: signed in, with forms and files.</summary>
internal sealed partial class Portal : IDisposable
{
    private readonly HttpClient _client;

    public Portal(Uri address)
    {
        // The server's own certificate, on loopback.
        var handler = new SocketsHttpHandler
        {
            CookieContainer = new CookieContainer(), AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
        };
        _client = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };
        _client.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        _client.DefaultRequestHeaders.Add("Accept-Language", "fr");
    }

    public async Task<bool> ReadyAsync()
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Sends a form of a page.</summary>
    /// <param name="form">Its name; null for the only one.</param>
    /// <returns>Where it leads to.</returns>
    public async Task<string> SubmitAsync(string page, string? form, IEnumerable<(string Name, string Value)> fields, (string Name, string Path)? file = null)
    {
        var html = await GetAsync(page);
        var found = html.Split("<form").Skip(1).Select(f => f.Split("</form>")[0])
            .First(f => form is null ? f.Contains("__RequestVerificationToken", StringComparison.Ordinal) : f.Contains($"value=\"{form}\"", StringComparison.Ordinal));
        var hidden = Hidden().Matches(found).Select(m => (Name: m.Groups["name"].Value, Value: WebUtility.HtmlDecode(m.Groups["value"].Value)));
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in hidden.Concat(fields))
            content.Add(new StringContent(value), name);
        if (file is { } sent)
            content.Add(new StreamContent(File.OpenRead(sent.Path)), sent.Name, Path.GetFileName(sent.Path));
        using var answer = await _client.PostAsync(new Uri(page, UriKind.Relative), content);
        if (answer.StatusCode is HttpStatusCode.Found or HttpStatusCode.SeeOther && answer.Headers.Location is { } to)
            return to.IsAbsoluteUri ? to.AbsolutePath : to.OriginalString;
        throw new InvalidOperationException($"{page} answered {(int)answer.StatusCode}: {Tags().Replace(await answer.Content.ReadAsStringAsync(), " ")}");
    }

    public async Task<string> GetAsync(string page)
    {
        using var answer = await _client.GetAsync(new Uri(page, UriKind.Relative));
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsStringAsync()
            : throw new InvalidOperationException($"{page} answered {(int)answer.StatusCode} {answer.Headers.Location}");
    }

    public async Task<JsonElement> PostAsync(string address)
    {
        var token = await _client.GetFromJsonAsync<JsonElement>("/api/access/form-token");
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Headers.Add(token.GetProperty("headerName").GetString() ?? "", token.GetProperty("requestToken").GetString());
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{address} answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]*)\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex("<[^>]*>|\\s+", RegexOptions.None, 1000)]
    private static partial Regex Tags();
}
