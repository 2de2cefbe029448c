using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Relais.Fieldwork.Simulation;

/// <summary>What an interviewer's console says to the server, from anywhere: signs in as a person does and goes on through a server that is away.</summary>
internal sealed partial class InterviewerClient(Uri server, HttpMessageHandler handler, string name, string password, TimeProvider clock) : IDisposable
{
    private const string SignInPage = "/sign-in";
    private const string FormTokenOld = "urn:relais:form-token";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };
    private (string Header, string Token)? _form;

    public string Name => name;

    /// <summary>How often the server did not answer and it was asked again.</summary>
    public int Retries { get; private set; }

    public async Task SignInAsync(CancellationToken cancel)
    {
        await UntilAsync(async () =>
        {
            var page = await _http.GetStringAsync(new Uri(SignInPage, UriKind.Relative), cancel);
            var asking = page.Split("<form").FirstOrDefault(f => f.Contains("name=\"UserName\"", StringComparison.Ordinal)) ?? "";
            var fields = Hidden().Matches(asking).ToDictionary(m => WebUtility.HtmlDecode(m.Groups["name"].Value), m => WebUtility.HtmlDecode(m.Groups["value"].Value), StringComparer.Ordinal);
            (fields["UserName"], fields["Password"]) = (name, password);
            using var form = new FormUrlEncodedContent(fields);
            using var response = await _http.PostAsync(new Uri(SignInPage, UriKind.Relative), form, cancel);
            response.EnsureSuccessStatusCode();
            if (response.RequestMessage?.RequestUri?.AbsolutePath == SignInPage)
                throw new InvalidOperationException($"{name} cannot sign in: the password is wrong, or more than a password is asked for.");
            var token = await _http.GetFromJsonAsync<JsonElement>(new Uri("/api/access/form-token", UriKind.Relative), cancel);
            _form = (token.GetProperty("headerName").GetString() ?? "", token.GetProperty("requestToken").GetString() ?? "");
            return true;
        }, cancel);
    }

    /// <summary>Asks until there is an answer; what is asked may be asked twice.</summary>
    /// <returns>The status and, where it is a success, the answer.</returns>
    public Task<(HttpStatusCode Status, T? Answer, string Fault)> PostAsync<T>(string address, object body, CancellationToken cancel)
        where T : class =>
        UntilAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative)) { Content = JsonContent.Create(body) };
            if (_form is { } form)
                request.Headers.Add(form.Header, form.Token);
            using var response = await _http.SendAsync(request, cancel);
            if ((int)response.StatusCode >= 500)
                throw new HttpRequestException($"{(int)response.StatusCode}");
            if (response.IsSuccessStatusCode)
                return (response.StatusCode, await response.Content.ReadFromJsonAsync<T>(Json, cancel), "");
            var fault = await NamedAsync(response, cancel);
            // A sign-in that lasted its time: again, as a person would.
            if (response.StatusCode is HttpStatusCode.Unauthorized || fault == FormTokenOld)
            {
                await SignInAsync(cancel);
                throw new HttpRequestException(fault);
            }

            return (response.StatusCode, null, fault);
        }, cancel);

    // The name of what was refused; the answer's reference is another each time.
    private static async Task<string> NamedAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        return ProblemType().Match(text) is { Success: true } type ? type.Groups["type"].Value : $"HTTP {(int)response.StatusCode}";
    }

    public Task<string> ReadAsync(string address, CancellationToken cancel) => UntilAsync(() => _http.GetStringAsync(new Uri(address, UriKind.Relative), cancel), cancel);

    public void Dispose() => _http.Dispose();

    private async Task<T> UntilAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                Retries++;
                await Task.Delay(Pause, clock, cancel);
            }
        }
    }

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]*)\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex("\"type\":\"(?<type>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProblemType();
}
