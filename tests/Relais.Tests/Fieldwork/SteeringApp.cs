using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Relais.Access.SystemKeys;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Steering;
using Relais.Fieldwork.Webhooks;
using Relais.Kernel.Audit;

namespace Relais.Tests.Fieldwork;

/// <summary>A server that other systems steer, and that tells them what happens. Only 127.0.0.1 is listed as an address to send to.</summary>
public class SteeringApp : InterviewsApp
{
    /// <summary>What names are said to be; each answer once, the last one for good.</summary>
    internal ConcurrentDictionary<string, ConcurrentQueue<IPAddress>> Names { get; } = new(StringComparer.Ordinal);

    protected override void Adjust(WebApplicationBuilder builder)
    {
        base.Adjust(builder);
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(CareForErasures)));
        builder.Services.Replace(ServiceDescriptor.Singleton(new WebhookNames((name, _) =>
            Task.FromResult<IPAddress[]>(Names.TryGetValue(name, out var answers) && answers.TryDequeue(out var next) ? [next] : []))));
    }

    public override ValueTask InitializeAsync()
    {
        Settings["Fieldwork:Webhooks:Allowed:0"] = "127.0.0.1/32";
        return base.InitializeAsync();
    }

    /// <summary>A client of another system, with a key of its own.</summary>
    internal async Task<HttpClient> SystemAsync(bool mayWrite = true, params Guid[] studies)
    {
        var fields = new SystemKeyFields("pilotage", studies.Length == 0 ? ["*"] : [.. studies.Select(SteeredStudies.Resource)], mayWrite, 30);
        var made = Assert.IsType<SystemKeyMade.Made>(await DoAsync<EditSystemKeys, SystemKeyMade>(e => e.MakeAsync(fields, Actor.System, CancellationToken.None)));
        return ClientOf(made.Secret);
    }

    internal HttpClient ClientOf(string secret)
    {
        var client = OpenBrowser().Client;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    internal async Task<WebhookMade.Made> SubscribeAsync(Guid study, string url, params string[] kinds) => Assert.IsType<WebhookMade.Made>(
        await DoAsync<EditWebhooks, WebhookMade>(e => e.MakeAsync(study, new WebhookFields("pilotage", url, kinds), Of(Supervisor), CancellationToken.None)));

    /// <summary>One look of the service that erases.</summary>
    internal Task EraseAsync() => new CareForErasures(Services.GetRequiredService<IServiceScopeFactory>(), Clock, NullLogger<CareForErasures>.Instance).LookAsync(CancellationToken.None);

    internal static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    internal static async Task<JsonElement> GetAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(address);
        return await JsonAsync(response);
    }

    internal static async Task<JsonElement> PutAsync(HttpClient client, string address, object body)
    {
        using var response = await client.PutAsJsonAsync(address, body);
        return await JsonAsync(response);
    }
}

/// <summary>The same, where only another process sends.</summary>
public sealed class SilentSteeringApp : SteeringApp
{
    protected override void Adjust(WebApplicationBuilder builder)
    {
        base.Adjust(builder);
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(DeliverWebhooks)));
    }
}
