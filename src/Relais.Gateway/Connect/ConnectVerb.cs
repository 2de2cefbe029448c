using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Relais.Gateway.Relay;
using Relais.Kernel.Verbs;

namespace Relais.Gateway.Connect;

/// <summary>
/// <c>relais connect HOST</c>: carries standard input and output to a host's SSH port, through the server. For ssh's ProxyCommand, so nothing but
/// SSH is ever written to standard output. Runs on a person's own computer: no database, no settings of the server.
/// </summary>
internal static class ConnectVerb
{
    private const string Usage = "usage: relais connect [--server https://HOST[:PORT]] [--ca FILE] HOST  (or RELAIS_SERVER and RELAIS_CA in the environment)";
    private const int UsageError = 2;
    private const int BufferSize = 32 * 1024;
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    public static readonly Verb Verb = new("connect", "carry ssh to a host through the server [--server URL] [--ca FILE] HOST", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var server = Environment.GetEnvironmentVariable("RELAIS_SERVER");
        var authority = Environment.GetEnvironmentVariable("RELAIS_CA");
        var rest = call.Arguments;
        while (rest is ["--server" or "--ca", _, ..])
        {
            (server, authority) = rest[0] == "--server" ? (rest[1], authority) : (server, rest[1]);
            rest = [.. rest.Skip(2)];
        }

        if (rest is not [{ Length: > 0 } host] || host.StartsWith('-') || !Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
        {
            await call.Error.WriteLineAsync(Usage);
            return UsageError;
        }

        try
        {
            using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(authority) }, UseCookies = false };
            using var http = new HttpClient(handler) { BaseAddress = address };
            var clock = call.Services.GetRequiredService<TimeProvider>();
            var secret = await PassAsync(http, PassFile.OfUser(), call.Error, clock, cancel);
            return secret is null ? 1 : await CarryAsync(http, secret, host, call.Error, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or WebSocketException or IOException)
        {
            await call.Error.WriteLineAsync($"relais: {address.Authority}: {e.InnerException?.Message ?? e.Message}");
            return 1;
        }
    }

    // What the system trusts, or one authority and no other.
    private static X509ChainPolicy? Trust(string? authority)
    {
        if (authority is null)
            return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return policy;
    }

    private static async Task<string?> PassAsync(HttpClient http, PassFile kept, TextWriter say, TimeProvider clock, CancellationToken cancel)
    {
        var server = http.BaseAddress ?? throw new InvalidOperationException("No server.");
        if (kept.Find(server) is { } old && await StateAsync(http, old, cancel) is { Allowed: true })
            return old;

        using var answer = await http.PostAsJsonAsync("/api/connect/passes", new AskPass.Request(Environment.MachineName), cancel);
        if (!answer.IsSuccessStatusCode || await answer.Content.ReadFromJsonAsync<AskPass.Response>(cancel) is not { } asked)
        {
            await say.WriteLineAsync($"relais: {server.Authority} gives no pass ({(int)answer.StatusCode})");
            return null;
        }

        await say.WriteLineAsync($"relais: to let this computer in, open\n  {new Uri(server, $"/connect?code={asked.Code}")}\nand compare the code: {asked.Code}");
        using var poll = new PeriodicTimer(PollEvery, clock);
        while (await poll.WaitForNextTickAsync(cancel))
        {
            switch (await StateAsync(http, asked.Secret, cancel))
            {
                case null:
                    await say.WriteLineAsync("relais: nobody allowed it in time");
                    return null;
                case { Allowed: true }:
                    kept.Keep(server, asked.Secret);
                    return asked.Secret;
                default:
                    break;
            }
        }

        return null;
    }

    private static async Task<AskPass.State?> StateAsync(HttpClient http, string secret, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/connect/pass");
        request.Headers.Authorization = new("Bearer", secret);
        using var answer = await http.SendAsync(request, cancel);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<AskPass.State>(cancel);
    }

    private static async Task<int> CarryAsync(HttpClient http, string secret, string host, TextWriter say, CancellationToken cancel)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {secret}");
        socket.Options.SetRequestHeader(ShellDoor.HostHeader, host);
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(new Uri(http.BaseAddress ?? throw new InvalidOperationException("No server."), ShellDoor.Path)) { Scheme = Uri.UriSchemeWss };
        try
        {
            await socket.ConnectAsync(address.Uri, http, cancel);
        }
        catch (WebSocketException) when (WhyNot(socket.HttpStatusCode, host) is { } why)
        {
            await say.WriteLineAsync($"relais: {why}");
            return 1;
        }

        var up = UpAsync(socket, cancel);
        await DownAsync(socket, cancel);
        if (socket.CloseStatus is { } code && code != WebSocketCloseStatus.NormalClosure)
            await say.WriteLineAsync($"relais: {Why((int)code)}");
        // Standard input cannot be cancelled: the process ends, and what is still read goes nowhere.
        _ = up;
        return socket.CloseStatus == WebSocketCloseStatus.NormalClosure ? 0 : 1;
    }

    private static async Task UpAsync(ClientWebSocket socket, CancellationToken cancel)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[BufferSize];
        try
        {
            int read;
            while ((read = await input.ReadAsync(buffer, cancel)) > 0)
                await socket.SendAsync(buffer.AsMemory(0, read), WebSocketMessageType.Binary, endOfMessage: true, cancel);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancel);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // The other direction says why.
        }
    }

    private static async Task DownAsync(ClientWebSocket socket, CancellationToken cancel)
    {
        await using var output = Console.OpenStandardOutput();
        var buffer = new byte[BufferSize];
        ValueWebSocketReceiveResult received;
        while ((received = await socket.ReceiveAsync(buffer.AsMemory(), cancel)).MessageType != WebSocketMessageType.Close)
        {
            await output.WriteAsync(buffer.AsMemory(0, received.Count), cancel);
            await output.FlushAsync(cancel);
        }
    }

    private static string? WhyNot(HttpStatusCode status, string host) => status switch
    {
        HttpStatusCode.NotFound => $"no host \"{host}\" that you may open by SSH",
        HttpStatusCode.TooManyRequests => "too many sessions are open; end one first",
        HttpStatusCode.ServiceUnavailable => "the server carries as many sessions as it can; try again in some minutes",
        HttpStatusCode.Forbidden => $"sessions on \"{host}\" must be recorded, and this way they cannot be: open it in the browser",
        _ => null,
    };

    private static string Why(int code) => code switch
    {
        4002 => "an administrator ended this session",
        4003 => "your access was withdrawn",
        4004 => "the session was idle for too long",
        4006 => "the session lasted as long as one may",
        4008 => "the server carries as many sessions as it can; try again in some minutes",
        4016 => "the agent of the host's office is not connected, does not go there, or cannot carry it: tell your administrator",
        _ => "the host does not answer, or the connection to it broke",
    };
}
