using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Access.SystemKeys;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;
using Relais.Traffic.Demo;
using Relais.Traffic.Sites;

namespace Relais.Tests.Traffic;

/// <summary>A server of the demo: generated weeks in the history, made-up listeners at work, a small speech.</summary>
public sealed class WallApp : TrafficApp
{
    public WallApp()
    {
        Settings["Traffic:Demo:Enabled"] = "true";
        Settings["Traffic:Demo:Listeners"] = "12";
        Settings["Traffic:Demo:SpeechTo"] = "200";
        Settings["Traffic:Demo:SpeechSeconds"] = "2";
        Settings["Traffic:Public:PerNetworkPerMinute"] = "60";
    }

    public TestPerson Researcher { get; private set; } = null!;

    public TestPerson Reader { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Assert.Equal(0, await SeedTraffic.Verb.Run(new VerbCall(Services, [], TextWriter.Null, TextWriter.Null), CancellationToken.None));
        Researcher = await this.AddPersonAsync(Roles.Researcher);
        Reader = await this.AddPersonAsync(Roles.Reader);
    }

    /// <summary>Another system, with a key of its own.</summary>
    internal async Task<HttpClient> SystemAsync(string resource, bool mayWrite)
    {
        await using var scope = Services.CreateAsyncScope();
        var made = Assert.IsType<SystemKeyMade.Made>(await scope.ServiceProvider.GetRequiredService<EditSystemKeys>()
            .MakeAsync(new SystemKeyFields($"régie {Id()}", [resource], mayWrite, 30), Actor.System, CancellationToken.None));
        var client = OpenBrowser().Client;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Secret);
        return client;
    }

    /// <summary>Makes a public link by the page's form; gives its path.</summary>
    internal static async Task<(string Path, Page Page)> LinkAsync(Browser researcher, params (string Name, string? Value)[] fields)
    {
        var page = await researcher.SubmitAsync(await researcher.GetAsync("/traffic/links"), "link", fields);
        Assert.True(page.Document.GetElementById("public-address") is not null, page.Text);
        return (new Uri(page.Document.GetElementById("public-address")!.TextContent).AbsolutePath, page);
    }

    internal static async Task<JsonElement> JsonAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    internal static async Task<int> StatusAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    internal Task<bool> IsAuditedAsync(string action, string subjectName) =>
        this.InDatabaseAsync(db => db.Kernel.AuditLines.AnyAsync(l => l.Action == action && l.SubjectName == subjectName));

    internal KnownSites Known => Services.GetRequiredService<KnownSites>();
}
