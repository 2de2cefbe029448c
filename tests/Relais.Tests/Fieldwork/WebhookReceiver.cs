using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relais.Tests.Desktops;

namespace Relais.Tests.Fieldwork;

/// <summary>What arrived.</summary>
internal sealed record Received(string Id, string Subject, string Sequence, string Type, JsonElement Event, bool Signed);

/// <summary>Another system's receiver: a real web server that verifies signatures as Standard Webhooks says, by code of its own.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Received> _all = [];
    private readonly WebApplication _server;

    private WebhookReceiver(WebApplication server) => _server = server;

    public string Address { get; private set; } = "";

    public string Secret { get; set; } = "";

    /// <summary>What it answers; 204 at first.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, context) =>
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    };

    public IReadOnlyList<Received> All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new WebhookReceiver(builder.Build());
        receiver._server.MapPost("/{**path}", receiver.TakeAsync);
        await receiver._server.StartAsync();
        receiver.Address = receiver._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";
        return receiver;
    }

    /// <summary>Waits until so many have arrived that are not the same again.</summary>
    public async Task<List<Received>> UntilAsync(int count, TimeSpan? patience = null)
    {
        await DesktopsApp.UntilAsync(() => Task.FromResult(First().Count >= count), patience ?? TimeSpan.FromSeconds(60));
        return First();
    }

    /// <summary>Each once, when it first arrived.</summary>
    public List<Received> First() => [.. All.DistinctBy(r => r.Id)];

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var document = JsonDocument.Parse(body.ToArray());
        var made = document.RootElement.Clone();
        var received = new Received(
            context.Request.Headers["webhook-id"].ToString(), Text(made, "subject"), Text(made, "sequence"), Text(made, "type"), made,
            Verify(context, body.ToArray()) && context.Request.ContentType == "application/cloudevents+json; charset=utf-8" && Text(made, "id") == context.Request.Headers["webhook-id"]);
        lock (_lock)
            _all.Add(received);
        await Answer(received, context);
    }

    private bool Verify(HttpContext context, byte[] body)
    {
        var key = Convert.FromBase64String(Secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{context.Request.Headers["webhook-id"]}.{context.Request.Headers["webhook-timestamp"]}."), .. body];
        return context.Request.Headers["webhook-signature"].ToString().Split(' ').Contains($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}");
    }

    private static string Text(JsonElement made, string name) => made.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
