using System.Net;
using System.Net.Sockets;

namespace Relais.Gateway.Bench;

/// <summary>Who is measured.</summary>
internal static class Contenders
{
    // A continuation that may run on the thread that polls the sockets saves two thread switches a packet, and must never block there.
    private static readonly (string, string) Inline = ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    // Idle pool threads that do not spin before they sleep cost less between the packets of a person at work.
    private static readonly (string, string) NoSpin = ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0");

    public static async Task<List<Contender>> StartAsync(int target, string folder)
    {
        List<Contender> all = [];
        try
        {
            await StartAllAsync(all, target, folder);
            return all;
        }
        catch
        {
            all.ForEach(contender => contender.Dispose());
            throw;
        }
    }

    private static async Task StartAllAsync(List<Contender> all, int target, string folder)
    {
        all.Add(await HaproxyAsync("haproxy", target, folder, splice: false));
        all.Add(await HaproxyAsync("haproxy, splice", target, folder, splice: true));
        all.Add(await OursAsync("relais, defaults", "relay-tcp", target));
        all.Add(await OursAsync("relais, no spin", "relay-tcp", target, NoSpin));
        all.Add(await OursAsync("relais, inline, no spin", "relay-tcp", target, Inline, NoSpin));
        var port = FreePort();
        all.Add(await Contender.StartAsync("websockify", true, port, "websockify", [$"127.0.0.1:{port}", $"127.0.0.1:{target}"]));
        all.Add(await OursAsync("relais ws, defaults", "relay-ws", target));
        all.Add(await OursAsync("relais ws, no spin", "relay-ws", target, NoSpin));
        all.Add(await OursAsync("relais ws, inline, no spin", "relay-ws", target, Inline, NoSpin));
    }

    private static Task<Contender> OursAsync(string name, string verb, int target, params (string, string)[] environment)
    {
        var port = FreePort();
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("No process path.");
        return Contender.StartAsync(name, verb.EndsWith("ws", StringComparison.Ordinal), port, program, [verb, $"{port}", $"{target}"], environment);
    }

    private static async Task<Contender> HaproxyAsync(string name, int target, string folder, bool splice)
    {
        var port = FreePort();
        var configuration = Path.Combine(folder, $"haproxy-{port}.cfg");
        await File.WriteAllTextAsync(configuration, $"""
            defaults
                mode tcp
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                {(splice ? "option splice-auto" : "no option splice-auto")}
            listen relay
                bind 127.0.0.1:{port}
                server target 127.0.0.1:{target}

            """);
        return await Contender.StartAsync(name, false, port, "haproxy", ["-db", "-f", configuration]);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
