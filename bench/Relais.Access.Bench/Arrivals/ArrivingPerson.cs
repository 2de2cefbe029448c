using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Relais.Access.Bench.Arrivals;

/// <summary>
/// Somebody on the first morning: signs in, sets up a second factor, opens a machine. What a server that is away does not answer, they try again from where they are,
/// as somebody in front of a browser does: with the same cookies, reading first which page it is.
/// </summary>
internal sealed partial class ArrivingPerson : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _clock;
    private readonly string _password;
    private readonly HttpClient _http;
    private byte[]? _secret;
    private long _lastStep;

    public ArrivingPerson(Uri portal, string userName, string password, TimeProvider clock)
    {
        (Portal, UserName, _password, _clock) = (portal, userName, password, clock);
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, SslOptions = { RemoteCertificateValidationCallback = Trusted } }) { BaseAddress = portal, Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    }

    public Uri Portal { get; }

    public string UserName { get; }

    public CookieContainer Cookies { get; } = new();

    /// <summary>How often no node answered, and they tried again.</summary>
    public int Retries { get; private set; }

    /// <summary>How often the server asked them to wait.</summary>
    public int Refusals { get; private set; }

    public static bool Trusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate?.Subject == "CN=localhost";

    /// <summary>Until the home page is theirs, with a second factor.</summary>
    public async Task ArriveAsync(CancellationToken cancel)
    {
        while (true)
        {
            var page = await PageAsync("/account", cancel);
            // A form is sent once for each page that was read: what was lost on the way shows in the page that comes next.
            (Uri Action, List<KeyValuePair<string, string>> Fields)? sent = page.Path switch
            {
                "/account" => null,
                "/sign-in" => Filled(page, ("UserName", UserName), ("Password", _password)),
                "/sign-in/set-up" => await SetUpAsync(page, cancel),
                "/sign-in/second-factor" => Filled(page, ("Code", await NextCodeAsync(cancel))),
                var other => throw new InvalidOperationException($"{UserName} was led to {other}: {page.Text[..Math.Min(page.Text.Length, 2000)]}"),
            };
            if (sent is null)
                return;
            using var answer = await TryAsync(() => _http.PostAsync(sent.Value.Action, new FormUrlEncodedContent(sent.Value.Fields), cancel), cancel);
            if (answer is not null && Refused().IsMatch(await answer.Content.ReadAsStringAsync(cancel)))
            {
                Refusals++;
                await Task.Delay(Pause, _clock, cancel);
            }
        }
    }

    /// <summary>Whether their cookies are still a sign-in.</summary>
    public async Task<bool> IsInAsync(CancellationToken cancel) => (await PageAsync("/account", cancel)).Path == "/account";

    /// <summary>Opens a machine, or again; asks until it is granted.</summary>
    /// <returns>What the gateway's door is told.</returns>
    public async Task<(Uri Door, string Token)> OpenAsync(Guid workstation, CancellationToken cancel)
    {
        while (true)
        {
            var answer = await TryAsync(async () =>
            {
                var token = await _http.GetFromJsonAsync<JsonElement>("/api/access/form-token", cancel);
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/workstations/{workstation}/open") { Content = JsonContent.Create(new { takeOver = true }) };
                request.Headers.Add(token.GetProperty("headerName").GetString() ?? "", token.GetProperty("requestToken").GetString());
                return await _http.SendAsync(request, cancel);
            }, cancel);
            using (answer)
            {
                if (answer is { StatusCode: HttpStatusCode.OK })
                {
                    var granted = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
                    return (new UriBuilder(new Uri(Portal, granted.GetProperty("gateway").GetString())) { Scheme = "wss" }.Uri, granted.GetProperty("token").GetString() ?? "");
                }

                if (answer is { StatusCode: not (HttpStatusCode.Accepted or HttpStatusCode.Conflict) })
                    throw new InvalidOperationException($"{UserName} is not let in: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
            }

            await Task.Delay(Pause, _clock, cancel);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(Uri Action, List<KeyValuePair<string, string>> Fields)> SetUpAsync((string Path, string Text) page, CancellationToken cancel)
    {
        _secret = Decode(Key().Match(page.Text).Groups["key"].Value);
        return Filled(page, ("Code", await NextCodeAsync(cancel)));
    }

    // A code is good once: the next half minute brings another.
    private async Task<string> NextCodeAsync(CancellationToken cancel)
    {
        const int StepSeconds = 30;
        while (_clock.GetUtcNow().ToUnixTimeSeconds() / StepSeconds <= _lastStep)
            await Task.Delay(Pause, _clock, cancel);
        _lastStep = _clock.GetUtcNow().ToUnixTimeSeconds() / StepSeconds;
        return Code(_secret ?? throw new InvalidOperationException($"{UserName} has lost the authenticator"), _lastStep);
    }

    private async Task<(string Path, string Text)> PageAsync(string address, CancellationToken cancel)
    {
        while (true)
        {
            using var answer = await TryAsync(() => _http.GetAsync(new Uri(address, UriKind.Relative), cancel), cancel);
            if (answer is { IsSuccessStatusCode: true, RequestMessage.RequestUri: { } at })
                return (at.AbsolutePath, await answer.Content.ReadAsStringAsync(cancel));
            await Task.Delay(Pause, _clock, cancel);
        }
    }

    private async Task<HttpResponseMessage?> TryAsync(Func<Task<HttpResponseMessage>> ask, CancellationToken cancel)
    {
        try
        {
            var answer = await ask();
            if ((int)answer.StatusCode < 500)
                return answer;

            answer.Dispose();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            // The proxy says it, or the connection.
        }

        Retries++;
        await Task.Delay(Pause, _clock, cancel);
        return null;
    }

    // The form of the page that asks for these, with what it holds already.
    private (Uri Action, List<KeyValuePair<string, string>> Fields) Filled((string Path, string Text) page, params (string Name, string Value)[] fields)
    {
        var form = page.Text.Split("<form").FirstOrDefault(f => f.Contains($"name=\"{fields[0].Name}\"", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{page.Path} does not ask for {fields[0].Name}");
        var action = Action().Match(form[..form.IndexOf('>', StringComparison.Ordinal)]) is { Success: true } given ? WebUtility.HtmlDecode(given.Groups["value"].Value) : page.Path;
        var all = Hidden().Matches(form).Select(m => KeyValuePair.Create(WebUtility.HtmlDecode(m.Groups["name"].Value), WebUtility.HtmlDecode(m.Groups["value"].Value))).ToList();
        all.AddRange(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return (new Uri(new Uri(Portal, page.Path), action), all);
    }

    // RFC 6238, as every authenticator app.
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238's default.")]
    private static string Code(byte[] secret, long step)
    {
        var counter = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        var mac = HMACSHA1.HashData(secret, counter);
        var number = BinaryPrimitives.ReadInt32BigEndian(mac.AsSpan(mac[^1] & 0x0F)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    // RFC 4648, 6.
    private static byte[] Decode(string base32)
    {
        var bits = string.Concat(base32.Where(char.IsAsciiLetterOrDigit)
            .Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]+)\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hidden();

    // Not now, or not with this: a word beside the form or a field.
    [GeneratedRegex("class=\"error\"(?![^>]*\\bhidden)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Refused();

    [GeneratedRegex("action=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Action();

    [GeneratedRegex("id=\"totp-key\"[^>]*>(?<key>[^<]+)<", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
