using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Remote;
using Relais.Portal.Security;
using Relais.Portal.Shell;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>The real server with a page that opens whatever target a test names.</summary>
public class ConsolesApp : RelaisApp
{
    public const string Open = "/api/test/console/open";

    internal SessionTarget? Target { get; set; }

    internal ClipboardPolicy Clipboard { get; set; } = ClipboardPolicy.Both;

    /// <summary>The one host that <c>relais connect</c> finds, and for whom.</summary>
    internal (Guid Person, string Host, SessionTarget Target) Shell { get; set; }

    internal Uri ShellAddress => new($"wss://localhost:{Address.Port}/gateway/tcp-ssh");

    protected override void Adjust(WebApplicationBuilder builder)
    {
        builder.Services.AddShellTargets((_, person, host, _) =>
            Task.FromResult(Shell.Person == person.Value && Shell.Host == host ? Shell.Target : null));
        var pages = builder.Services.Single(s => s.ServiceType == typeof(PageAssemblies));
        builder.Services.Remove(pages);
        builder.Services.AddSingleton(new PageAssemblies([.. ((PageAssemblies)pages.ImplementationInstance!).Assemblies, typeof(ConsolePage).Assembly]));
    }

    protected override void Map(WebApplication server) =>
        server.MapPost(Open, OpenAsync).RequireAuthorization(AccessPolicies.SignedIn).RequireFormToken();

    private async Task<IResult> OpenAsync(HttpContext context, SessionDoor door, CancellationToken cancel)
    {
        var target = Target!;
        var asked = new GrantRequest(context.User.PersonId(), context.User.SignInId(), target, Clipboard, 0x040C, TakeOver: true, Resume: null);
        var answer = await door.GrantAsync(asked, Actor.Of(context), cancel);
        if (answer is not GrantResult.Granted { Grant: { } grant })
            return Relais.Kernel.Problems.Conflict(answer.GetType().Name, "Pas de session.");
        var open = Clipboard == ClipboardPolicy.Both;
        return TypedResults.Ok(new
        {
            session = grant.Session.Value,
            token = grant.Token,
            gateway = $"/gateway/{target.Protocol.ToString().ToLowerInvariant()}",
            desktopName = target.Name,
            clipboard = new { @in = open, @out = open },
            // As the workstations' own pages say it.
            resize = target.Protocol == TargetProtocol.Rdp ? "reconnect" : "live",
        });
    }

    internal static async Task<string> TokenAsync(Relais.Tests.Browser browser)
    {
        using var answer = await browser.PostJsonAsync(Open, new { takeOver = true });
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("token").GetString()!;
    }

    internal ClientWebSocket ShellSocket(string secret, string host)
    {
        var socket = NewSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {secret}");
        socket.Options.SetRequestHeader("Relais-Host", host);
        socket.Options.CollectHttpResponseDetails = true;
        return socket;
    }

    /// <summary>Opens a door of the gateway and sends the token.</summary>
    internal async Task<ClientWebSocket> ConnectAsync(Relais.Tests.Browser browser, string door, string token, string? origin = "own")
    {
        var socket = NewSocket();
        socket.Options.Cookies = browser.Cookies;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin == "own" ? Address.GetLeftPart(UriPartial.Authority) : origin);
        await socket.ConnectAsync(new Uri($"wss://localhost:{Address.Port}{door}"), CancellationToken.None);
        var hello = door == "/gateway/rdp"
            ? Gateway.Browser.RequestFor("desktop", token)
            : Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { token, columns = 80, rows = 24 }));
        await socket.SendAsync(hello, door == "/gateway/rdp" ? WebSocketMessageType.Binary : WebSocketMessageType.Text, true, CancellationToken.None);
        return socket;
    }

    private ClientWebSocket NewSocket()
    {
        var socket = new ClientWebSocket();
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(DataFolder, "tls", "ca.crt"));
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is not null && string.Equals(certificate.Issuer, authority.Subject, StringComparison.Ordinal);
        return socket;
    }

    /// <summary>Reads until the gateway says something beside what it relays.</summary>
    internal static async Task<string> NoticeAsync(WebSocket socket, TimeSpan? within = null)
    {
        using var late = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, late.Token);
            Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
            if (received.MessageType == WebSocketMessageType.Text && buffer[0] == (byte)'{')
                return Encoding.UTF8.GetString(buffer, 0, received.Count);
        }
    }

    internal static async Task<string> TextAsync(WebSocket socket)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer, late.Token);
        return Encoding.Latin1.GetString(buffer, 0, received.Count);
    }

    /// <summary>Reads until a terminal has shown this.</summary>
    internal static async Task SeenAsync(WebSocket socket, string text)
    {
        var seen = new StringBuilder();
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
            seen.Append(await TextAsync(socket));
    }

    /// <summary>Types into a terminal.</summary>
    internal static Task TypeAsync(WebSocket socket, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return socket.SendAsync((byte[])[0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes], WebSocketMessageType.Binary, true, CancellationToken.None);
    }

    internal async Task<T> InGatewayAsync<T>(Func<Relais.Gateway.GatewayDb, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<Relais.Gateway.GatewayDb>());
    }

    /// <summary>One round of the purge, after the server's own if one is under way.</summary>
    internal Task PurgeAsync() => Desktops.DesktopsApp.UntilAsync(
        () => Services.GetRequiredService<Relais.Gateway.Recordings.PurgeRecordings>().LookAsync(CancellationToken.None), TimeSpan.FromSeconds(20));

    /// <summary>How many lines of the audit trail have this action and this in their detail.</summary>
    internal Task<int> AuditedAsync(string action, string detail) => this.InDatabaseAsync(db =>
        Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.CountAsync(
            db.Kernel.AuditLines.Where(l => l.Action == action && l.Detail.Contains(detail))));

    /// <summary>Reads until the gateway closes; the code that it gave.</summary>
    internal static async Task<int> ClosedAsync(WebSocket socket, TimeSpan? within = null)
    {
        using var late = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        while ((await socket.ReceiveAsync(buffer, late.Token)).MessageType != WebSocketMessageType.Close)
        {
            // What the target still had to say.
        }

        return (int)socket.CloseStatus!;
    }

    /// <summary>A page of a signed-in person's browser, on the console.</summary>
    internal Task<IPage> ShowAsync(Chromium chromium, string client, TestPerson person) => this.OpenPageAsync(chromium, person, $"/test/console/{client}");
}

/// <summary>The page that such a target would have.</summary>
[Route("/test/console/{Client}")]
[Layout(typeof(FullLayout))]
[Authorize(Policy = AccessPolicies.SignedIn)]
[RemoteScreenSecurity]
public sealed class ConsolePage : ComponentBase
{
    [Parameter] public string Client { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<RemoteScreen>(0);
        builder.AddComponentParameter(1, nameof(RemoteScreen.Open), ConsolesApp.Open);
        builder.AddComponentParameter(2, nameof(RemoteScreen.Client), Client);
        builder.AddComponentParameter(3, nameof(RemoteScreen.Machine), true);
        builder.CloseComponent();
    }
}
