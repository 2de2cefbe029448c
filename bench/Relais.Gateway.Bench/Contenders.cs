using System.Net;
using System.Net.Sockets;

namespace Relais.Gateway.Bench;

/// <summary>Who is measured, the peer that the others are compared with first among its kind.</summary>
/// <param name="target">Port of what stands behind them.</param>
/// <param name="folder">For their settings.</param>
/// <param name="certificate">A file with the certificate and its key.</param>
internal sealed class Contenders(int target, string folder, string certificate)
{
    // The product lets the copying go on at the thread that polls the sockets. Without that:
    private static readonly (string, string) Pool = (RelayChild.PoolVariable, "1");

    // Idle pool threads that do not spin before they sleep cost less between the packets of a person at work.
    private static readonly (string, string) NoSpin = ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0");

    /// <param name="only">A part of the wanted names.</param>
    public async Task<List<Contender>> StartAsync(string only)
    {
        (string Name, Func<string, Task<Contender>> Start)[] all =
        [
            ("haproxy", name => HaproxyAsync(name, Kind.Tcp, splice: false)),
            ("haproxy, splice", name => HaproxyAsync(name, Kind.Tcp, splice: true)),
            ("nginx stream", name => NginxAsync(name, Kind.Tcp)),
            ("relais, pool", name => OursAsync(name, Kind.Tcp, Pool, NoSpin)),
            ("relais", name => OursAsync(name, Kind.Tcp, NoSpin)),
            ("haproxy tls", name => HaproxyAsync(name, Kind.Tls, splice: false)),
            ("nginx stream tls", name => NginxAsync(name, Kind.Tls)),
            ("relais tls, pool", name => OursAsync(name, Kind.Tls, Pool, NoSpin)),
            ("relais tls", name => OursAsync(name, Kind.Tls, NoSpin)),
            ("websockify", WebsockifyAsync),
            ("relais ws, pool", name => OursAsync(name, Kind.WebSocket, Pool, NoSpin)),
            ("relais ws", name => OursAsync(name, Kind.WebSocket, NoSpin)),
            ("relais wss, pool", name => OursAsync(name, Kind.SecureWebSocket, Pool, NoSpin)),
            ("relais wss", name => OursAsync(name, Kind.SecureWebSocket, NoSpin)),
        ];
        var started = new List<Contender>();
        try
        {
            foreach (var (name, start) in all.Where(c => c.Name.Contains(only, StringComparison.Ordinal)))
                started.Add(await start(name));
            return started;
        }
        catch
        {
            started.ForEach(contender => contender.Dispose());
            throw;
        }
    }

    private Task<Contender> OursAsync(string name, Kind kind, params (string, string)[] environment)
    {
        // As the launcher starts the server.
        environment = [.. environment, ("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", $"{Environment.ProcessorCount}")];
        var port = FreePort();
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("No process path.");
        return Contender.StartAsync(name, kind, port, program, [RelayChild.Verb, $"{kind}", $"{port}", $"{target}", certificate], environment);
    }

    // Without TLS only: with it, Debian's 0.10 breaks off in the middle of a large transfer.
    private Task<Contender> WebsockifyAsync(string name)
    {
        var port = FreePort();
        return Contender.StartAsync(name, Kind.WebSocket, port, "websockify", [$"127.0.0.1:{port}", $"127.0.0.1:{target}"]);
    }

    private async Task<Contender> HaproxyAsync(string name, Kind kind, bool splice)
    {
        var port = FreePort();
        var configuration = Path.Combine(folder, $"haproxy-{port}.cfg");
        await File.WriteAllTextAsync(configuration, $"""
            global
                maxconn 12000
                # Half-open connections have no second end: the limit of files need not count one.
                no strict-limits
            defaults
                mode tcp
                maxconn 12000
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                {(splice ? "option splice-auto" : "no option splice-auto")}
            listen relay
                bind 127.0.0.1:{port} {(kind == Kind.Tls ? $"ssl crt {certificate}" : "")}
                server target 127.0.0.1:{target}

            """);
        return await Contender.StartAsync(name, kind, port, "haproxy", ["-db", "-f", configuration]);
    }

    private async Task<Contender> NginxAsync(string name, Kind kind)
    {
        var port = FreePort();
        var configuration = Path.Combine(folder, $"nginx-{port}.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            load_module /usr/lib/nginx/modules/ngx_stream_module.so;
            daemon off;
            pid {{folder}}/nginx-{{port}}.pid;
            error_log {{folder}}/nginx-{{port}}.log;
            worker_processes 1;
            events { worker_connections 19000; }
            stream {
                server {
                    listen 127.0.0.1:{{port}} {{(kind == Kind.Tls ? "ssl" : "")}};
                    {{(kind == Kind.Tls ? $"ssl_certificate {certificate}; ssl_certificate_key {certificate};" : "")}}
                    tcp_nodelay on;
                    proxy_pass 127.0.0.1:{{target}};
                }
            }

            """);
        return await Contender.StartAsync(name, kind, port, "/usr/sbin/nginx", ["-c", configuration, "-p", folder]);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
