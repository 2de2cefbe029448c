using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relais.Desktops;
using Relais.Desktops.Workstations;
using Relais.Gateway;
using Relais.Gateway.Contracts;

namespace Relais.Tests.Desktops;

/// <summary>A server whose office is on loopback, which its operator allows; its names and its magic packets are in the test's hand.</summary>
public sealed class WorkstationsApp : RelaisApp
{
    public WorkstationsApp()
    {
        Wakes.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Settings["Desktops:Workstations:AllowedNetworks"] = "127.0.0.0/8";
        Settings["Desktops:Workstations:Watermark"] = "true";
        Settings["Desktops:Workstations:RdpPorts"] = "3389, 1024-65535";
        Settings["Desktops:Workstations:SshPorts"] = "22, 1024-65535";
        Settings["Desktops:Workstations:VncPorts"] = "5900-5999, 1024-65535";
        Settings["Desktops:Workstations:WakeAddresses"] = Wakes.LocalEndPoint!.ToString()!;
        Settings["Desktops:Workstations:WakeTime"] = "00:02:00";
    }

    /// <summary>Receives what is broadcast to wake machines up.</summary>
    public Socket Wakes { get; } = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <summary>What the resolver answers.</summary>
    public Dictionary<string, string> Names { get; } = new(StringComparer.Ordinal);

    protected override void Adjust(WebApplicationBuilder builder) =>
        builder.Services.Replace(ServiceDescriptor.Singleton<ResolveName>((name, _) =>
            Task.FromResult(Names.TryGetValue(name, out var address) ? new[] { IPAddress.Parse(address) } : [])));

    /// <summary>A round of knocks that begins now; the server's own may be at it.</summary>
    public async Task ProbeAsync()
    {
        var probe = Services.GetRequiredService<ProbeWorkstations>();
        while (!await probe.LookAsync(CancellationToken.None))
            await Task.Yield();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Wakes.Dispose();
    }
}

internal static class Workstations
{
    /// <summary>Enrols through the interface, as an administrator.</summary>
    public static async Task<Guid> EnrolAsync(this Browser administrator, object workstation)
    {
        var answer = await administrator.PostJsonAsync("/api/workstations", workstation);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> OpenAsync(this Browser browser, Guid id, Guid? resume = null)
    {
        var answer = await browser.PostJsonAsync($"/api/workstations/{id}/open", new { takeOver = true, resume });
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static async Task<HttpResponseMessage> SendJsonAsync(this Browser browser, HttpMethod method, string address, object? body)
    {
        var token = await browser.Client.GetFromJsonAsync<JsonElement>("/api/access/form-token");
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add(token.GetProperty("headerName").GetString()!, token.GetProperty("requestToken").GetString());
        return await browser.Client.SendAsync(request);
    }

    public static string TypeOf(JsonElement problem) => problem.GetProperty("type").GetString() ?? "";

    public static async Task<T> InDesktopsAsync<T>(this RelaisApp app, Func<Databases, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await work(new Databases(scope.ServiceProvider));
    }

    internal sealed class Databases(IServiceProvider services)
    {
        public DesktopsDb Desktops => services.GetRequiredService<DesktopsDb>();

        public GatewayDb Gateway => services.GetRequiredService<GatewayDb>();

        public Relais.Kernel.KernelDb Kernel => services.GetRequiredService<Relais.Kernel.KernelDb>();
    }
}
