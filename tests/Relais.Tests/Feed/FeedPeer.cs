using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Relais.Access.Contracts;

namespace Relais.Tests.Feed;

/// <summary>A program that subscribes to a person's feed over real HTTPS, with the password that the portal's page gave.</summary>
internal sealed partial class FeedPeer(RelaisApp app, string userName, string password, string? from = null) : IDisposable
{
    public const string Two = "application/x-msts-radc+xml;radc_schema_version=2.0";

    public static readonly XNamespace Namespace = "http://schemas.microsoft.com/ts/2007/05/tswf";

    private readonly Browser _http = app.OpenBrowser(from);

    public string UserName => userName;

    public string Password => password;

    /// <summary>Adds a client on the page, as its person does.</summary>
    public static async Task<FeedPeer> AddAsync(RelaisApp app, TestPerson person, string name = "Tablette", string? from = null)
    {
        using var browser = await app.SignInAsync(person);
        return await AddAsync(app, browser, person, name, from);
    }

    public static async Task<FeedPeer> AddAsync(RelaisApp app, Browser browser, TestPerson person, string name = "Tablette", string? from = null)
    {
        var page = await browser.SubmitAsync(await browser.GetAsync("/account/native-clients"), "native-client", ("Name", name));
        var shown = page.Document.GetElementById("client-password")?.TextContent;
        Assert.False(string.IsNullOrEmpty(shown), page.Text);
        return new FeedPeer(app, person.UserName, shown!, from);
    }

    /// <summary>Somebody who has a second factor, as the page asks for.</summary>
    public static Task<TestPerson> PersonAsync(RelaisApp app) => app.AddPersonAsync(Roles.Supervisor);

    public Task<HttpResponseMessage> GetAsync(string address, string? accept = null, EntityTagHeaderValue? unless = null) =>
        SendAsync(address, accept, unless, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"))));

    public Task<HttpResponseMessage> GetWithCookieAsync(string address, string? ticket)
    {
        if (ticket is not null)
            _http.SetCookie(".ASPXAUTH", ticket);
        return SendAsync(address, null, null, null);
    }

    /// <summary>The list, which is as the protocol describes it.</summary>
    public async Task<XDocument> ListAsync(string? accept = null)
    {
        using var answer = await GetAsync(NativeClientDoor.FeedPath, accept);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {text}");
        var list = XDocument.Parse(text);
        Check(list, accept is null ? "resource-list-1.xsd" : "resource-list-2.xsd");
        return list;
    }

    public async Task<Dictionary<string, XElement>> EntriesAsync() =>
        (await ListAsync()).Descendants(Namespace + "Resource").ToDictionary(r => r.Attribute("Title")!.Value, StringComparer.Ordinal);

    /// <summary>The file of the entry with this title, where the list says that it is.</summary>
    public async Task<byte[]> FileAsync(string title)
    {
        using var answer = await GetAsync(AddressOf((await EntriesAsync())[title]));
        Assert.Equal((HttpStatusCode.OK, "application/x-rdp"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public async Task<string> TokenAsync(string title) => TokenOf(await FileAsync(title));

    public static string AddressOf(XElement entry) => entry.Descendants(Namespace + "ResourceFile").Single().Attribute("URL")!.Value;

    public static string TokenOf(byte[] file) => Token().Match(Encoding.Unicode.GetString(file)).Groups["token"].Value;

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string address, string? accept, EntityTagHeaderValue? unless, AuthenticationHeaderValue? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = authorization;
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if (unless is not null)
            request.Headers.IfNoneMatch.Add(unless);
        return await _http.Client.SendAsync(request);
    }

    private static void Check(XDocument list, string schema)
    {
        using var description = XmlReader.Create(typeof(FeedPeer).Assembly.GetManifestResourceStream(schema)!);
        var schemas = new XmlSchemaSet();
        schemas.Add(null, description);
        list.Validate(schemas, (_, e) => Assert.Fail($"{e.Message} in {list}"));
    }

    [GeneratedRegex("gatewayaccesstoken:s:(?<token>[^\r\n]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
