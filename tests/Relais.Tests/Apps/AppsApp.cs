using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pilotage;
using Relais.Access;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Gateway;
using Relais.Gateway.Apps;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Tests.Apps;

/// <summary>A server with two internal systems behind it on loopback, which its operator allows: the sample one, and one that tells what it got.</summary>
public sealed class AppsApp : RelaisApp
{
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private WebApplication? _steering;

    public AppsApp()
    {
        Settings["Gateway:Apps:AllowedNetworks"] = "127.0.0.0/8";
        Settings["Gateway:Apps:AnswerTime"] = AnswerTime.ToString();
        Settings["Gateway:WatchEvery"] = "00:00:00.250";
    }

    /// <summary>Who may open the apps that are there from the start.</summary>
    public Guid Group { get; private set; }

    public EchoSystem Echo { get; } = new();

    /// <summary>What the resolver answers.</summary>
    public Dictionary<string, string> Names { get; } = new(StringComparer.Ordinal);

    public Uri UrlOf(string label, string path = "/") => new(new Uri($"https://{label}.localhost:{Address.Port}"), path);

    public string OriginOf(string label) => UrlOf(label).GetLeftPart(UriPartial.Authority);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Echo.StartAsync();
        _steering = SteeringSystem.Build(
            ["--urls=http://127.0.0.1:0", $"--Portal={Address.GetLeftPart(UriPartial.Authority)}", $"--Authority={Path.Combine(DataFolder, "tls", "ca.crt")}"], Clock);
        await _steering.StartAsync();
        Group = await AddGroupAsync("Études");
        await PublishAsync("Pilotage", "pilotage", _steering.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await PublishAsync("Écho", "echo", Echo.Address);
    }

    protected override void Adjust(WebApplicationBuilder builder) =>
        builder.Services.Replace(ServiceDescriptor.Singleton<ResolveName>((name, _) =>
            Task.FromResult(Names.TryGetValue(name, out var address) ? new[] { IPAddress.Parse(address) } : [])));

    public async Task<Guid> PublishAsync(string name, string label, string upstream, params Guid[] groups)
    {
        await using var scope = Services.CreateAsyncScope();
        var fields = AppFields.New with { Name = name, Label = label, Upstream = upstream, Groups = [.. (groups is [] ? [Group] : groups).Select(g => g.ToString())] };
        var saved = await scope.ServiceProvider.GetRequiredService<EditApps>().PublishAsync(fields, Actor.System, CancellationToken.None);
        return Assert.IsType<AppSave.Saved>(saved).Id;
    }

    public async Task<Guid> AddGroupAsync(string name)
    {
        var group = new Relais.Access.Groups.Group { Name = name, NormalizedName = UniqueName.Normalize(name) };
        await this.InDatabaseAsync(async db =>
        {
            db.Access.Add(group);
            return await db.Access.SaveChangesAsync();
        });
        return group.Id;
    }

    /// <summary>Somebody who may open the apps.</summary>
    public async Task<TestPerson> AddMemberAsync()
    {
        var person = await this.AddPersonAsync();
        await MoveAsync(person, (group, somebody) => group.People.Add(somebody));
        return person;
    }

    public Task LeaveGroupAsync(TestPerson person) => MoveAsync(person, (group, somebody) => group.People.Remove(somebody));

    internal async Task<T> InGatewayAsync<T>(Func<GatewayDb, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<GatewayDb>());
    }

    public Task<int> AuditedAsync(string action, string detail) =>
        this.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == action && l.Detail.Contains(detail)));

    public async Task DisableAsync(TestPerson person)
    {
        // Nobody is disabled where no administrator would remain.
        await this.AddPersonAsync(Roles.Administrator);
        await using var scope = Services.CreateAsyncScope();
        var answer = await scope.ServiceProvider.GetRequiredService<DisablePerson>().HandleAsync(person.Id, Actor.System, CancellationToken.None);
        Assert.IsType<Answer.Done>(answer);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_steering is not null)
            await _steering.DisposeAsync();
        await Echo.DisposeAsync();
    }

    private Task<int> MoveAsync(TestPerson person, Action<Relais.Access.Groups.Group, Person> change) => this.InDatabaseAsync(async db =>
    {
        var group = await db.Access.Groups.Include(g => g.People).SingleAsync(g => g.Id == Group);
        change(group, await db.Access.People.SingleAsync(p => p.Id == person.Id));
        return await db.Access.SaveChangesAsync();
    });
}

internal static class AppVisits
{
    /// <summary>Opens a page as a person does: from host to host, until something is shown.</summary>
    public static async Task<Page> VisitAsync(this Browser browser, Uri address)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            using var response = await browser.NavigateAsync(address);
            if (response.Headers.Location is { } location)
            {
                address = new Uri(address, location);
                continue;
            }

            var page = await Page.ReadAsync(address, response);
            if (page.Onward() is not { } next)
                return page;
            address = next;
        }

        throw new InvalidOperationException($"In a circle, at {address}");
    }

    /// <summary>The address that a page goes on to by itself.</summary>
    public static Uri? Onward(this Page page) =>
        page.Document.QuerySelector("meta[http-equiv=refresh]")?.GetAttribute("content") is { } content ? new Uri(content.Split("url=", 2)[1]) : null;

    public static async Task<HttpResponseMessage> NavigateAsync(this Browser browser, Uri address, string language = "fr")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept", "text/html");
        request.Headers.AcceptLanguage.ParseAdd(language);
        return await browser.Client.SendAsync(request);
    }

    public static async Task<HttpResponseMessage> SendAsync(this Browser browser, HttpMethod method, Uri address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await browser.Client.SendAsync(request);
    }

    /// <summary>A stream of events, as a page's EventSource opens it.</summary>
    public static async Task<HttpResponseMessage> ListenAsync(this Browser browser, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept", "text/event-stream");
        return await browser.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A WebSocket of this browser; without an Origin when it is null.</summary>
    public static async Task<ClientWebSocket> ConnectAsync(this Browser browser, Uri address, string? origin)
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new UriBuilder(address) { Scheme = "wss" }.Uri, browser.Client, CancellationToken.None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
