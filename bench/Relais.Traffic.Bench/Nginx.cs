using System.Diagnostics;
using System.Net.Sockets;

namespace Relais.Traffic.Bench;

/// <summary>Debian's nginx with settings of its own: 204 to everything, and an access log that is written when 64 KiB of it are there. The log is not on disk when it answers.</summary>
internal sealed class Nginx(string folder) : IDisposable
{
    private readonly int _port = ServerUnderTest.FreePort();
    private Process? _nginx;

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public int ProcessId => _nginx?.Id ?? 0;

    public async Task StartAsync()
    {
        var settings = Path.Combine(Directory.CreateDirectory(folder).FullName, "nginx.conf");
        await File.WriteAllTextAsync(settings, $$"""
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log;
            worker_processes auto;
            worker_rlimit_nofile 20000;
            events { worker_connections 8192; }
            http {
                access_log {{folder}}/access.log combined buffer=64k flush=1s;
                keepalive_requests 100000000;
                keepalive_timeout 120s;
                server {
                    listen 127.0.0.1:{{_port}} backlog=4096;
                    location = /c { return 204; }
                }
            }

            """);
        _nginx = Process.Start(new ProcessStartInfo("/usr/sbin/nginx", ["-c", settings, "-p", folder]) { UseShellExecute = false }) ?? throw new InvalidOperationException("nginx did not start");
        for (var tries = 0; ; tries++)
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync("127.0.0.1", _port);
                return;
            }
            catch (SocketException) when (tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    public void Dispose()
    {
        if (_nginx is not { HasExited: false })
            return;
        // Its workers end with it.
        using var quit = Process.Start("kill", ["-TERM", ServerUnderTest.Text(_nginx.Id)]);
        _nginx.WaitForExit();
        _nginx.Dispose();
    }
}
