using System.Runtime.InteropServices;
using System.Text.Json;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Verbs;

namespace Relais.Gateway.Agent;

/// <summary>
/// <c>relais agent</c>: runs in an office and connects its machines to the server, over connections that it opens itself. No database, no
/// settings of the server.
/// </summary>
internal static class AgentVerb
{
    /// <summary>The server does not know this agent (any more): another try would end the same way.</summary>
    public const int Refused = 3;

    private const string Usage = """
        usage: relais agent --server https://HOST[:PORT] [--pin SHA256 | --ca FILE] --token TOKEN   the first time
               relais agent                                                                         afterwards
          --data DIR       where it keeps who it is (the user's configuration folder)
          --allow RULE     NETWORK[:PORTS], again for each; such as 10.1.0.0/16:3389,5900-5999,22
        """;

    private const int UsageError = 2;

    public static readonly Verb Verb = new("agent", "connect an office's machines to the server [--server URL --token TOKEN] [--allow NETWORK:PORTS]", RunAsync) { Usage = Usage };

    private sealed record Asked(Uri? Server, string? Token, byte[]? Pin, string? AuthorityFile, string Folder, AgentPolicy Policy);

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (Parse(call.Arguments) is not { } asked)
        {
            await call.Error.WriteLineAsync(Usage);
            await call.Error.WriteLineAsync($"without --allow: {AgentPolicy.Usual}");
            return UsageError;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            return await RunAsync(asked, call, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or HttpRequestException or WebSocketException)
        {
            await call.Error.WriteLineAsync($"relais: {e.InnerException?.Message ?? e.Message}");
            return 1;
        }
    }

    private static async Task<int> RunAsync(Asked asked, VerbCall call, CancellationToken cancel)
    {
        var clock = call.Services.GetRequiredService<TimeProvider>();
        var kept = AgentIdentity.Read(asked.Folder);
        if (kept is not null && (asked.Server is null || asked.Server == kept.Server))
        {
            await HoldAsync(kept);
            if (asked.Token is null)
                return Refused;
        }

        // Not enrolled yet, for another server, or not known there any more.
        if (await EnrolAsync(asked, call.Error, cancel) is not { } enrolled)
            return Refused;
        enrolled.Keep(asked.Folder);
        await call.Out.WriteLineAsync($"relais: enrolled as an agent of the site \"{enrolled.Site}\"");
        await HoldAsync(enrolled);
        return Refused;

        async Task HoldAsync(AgentIdentity identity)
        {
            await new HoldLink(identity, asked.Policy, clock, call.Out).RunAsync(cancel);
            await call.Error.WriteLineAsync("relais: the server does not know this agent (any more): ask for a new command on the page of the site");
        }
    }

    private static async Task<AgentIdentity?> EnrolAsync(Asked asked, TextWriter say, CancellationToken cancel)
    {
        if (asked is not { Server: { } server, Token: { } token })
        {
            await say.WriteLineAsync($"relais: not enrolled in {asked.Folder} yet: give --server and --token, as on the page of the site");
            return null;
        }

        var authority = asked.AuthorityFile is { } file ? await File.ReadAllTextAsync(file, cancel) : null;
        if (asked.Pin is { } pin)
        {
            authority = await AgentHttp.FetchAuthorityAsync(server, pin, cancel);
            if (authority is null)
            {
                await say.WriteLineAsync($"relais: {server.Authority} does not show the authority that --pin names: it is not the server that the command is for, or somebody is in between");
                return null;
            }
        }

        return await AgentHttp.EnrolAsync(server, authority, token, say, cancel);
    }

    private static Asked? Parse(IReadOnlyList<string> arguments)
    {
        var (known, allow) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        foreach (var pair in arguments.Chunk(2))
        {
            if (pair is ["--allow", _])
                allow.Add(pair[1]);
            else if (pair is not ["--server" or "--token" or "--pin" or "--ca" or "--data", _] || !known.TryAdd(pair[0], pair[1]))
                return null;
        }

        Uri? server = null;
        if (known.TryGetValue("--server", out var typed) && (!Uri.TryCreate(typed, UriKind.Absolute, out server) || server.Scheme != Uri.UriSchemeHttps))
            return null;
        var pin = known.TryGetValue("--pin", out var hex) ? PinOf(hex) : null;
        if (pin is { Length: 0 } || (allow.Count == 0 ? AgentPolicy.Default : AgentPolicy.Parse(allow)) is not { } policy)
            return null;
        return new Asked(server, known.GetValueOrDefault("--token"), pin, known.GetValueOrDefault("--ca"), known.GetValueOrDefault("--data") ?? UsualFolder, policy);
    }

    private static byte[] PinOf(string hex)
    {
        const int Length = 64;
        return hex.Length == Length && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : [];
    }

    private static string UsualFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "relais", "agent");
}
