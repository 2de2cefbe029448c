using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Relais.Gateway.Bench;

/// <summary>A relay in a process of its own, whose CPU time the kernel counts.</summary>
internal sealed class Contender : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ, the unit of /proc/PID/stat on every Linux

    private readonly Process _process;

    private Contender(string name, bool webSocket, int port, Process process) =>
        (Name, IsWebSocket, Port, _process) = (name, webSocket, port, process);

    public string Name { get; }

    public bool IsWebSocket { get; }

    private int Port { get; }

    public static async Task<Contender> StartAsync(
        string name, bool webSocket, int port, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var contender = new Contender(name, webSocket, port, process);
        await contender.ReadyAsync();
        return contender;
    }

    /// <summary>User and system time so far. Assumes that the relay is one process, as all here are but websockify: see <see cref="CpuOf"/>.</summary>
    public TimeSpan Cpu() => TimeSpan.FromSeconds(CpuOf(_process.Id) / TicksPerSecond);

    public async Task<Stream> ConnectAsync()
    {
        if (!IsWebSocket)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            return new NetworkStream(socket, ownsSocket: true);
        }

        var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{Port}/"), CancellationToken.None);
        return WebSocketStream.Create(client, WebSocketMessageType.Binary, TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    // websockify forks for each connection: living children are counted in full, ended ones by cutime and cstime of their parent.
    private static double CpuOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = fields.AsSpan(11, 4).ToArray().Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
            return ticks + Directory.GetDirectories($"/proc/{pid}/task")
                .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Sum(child => CpuOf(int.Parse(child, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            // A child that ended meanwhile: its parent has its time.
            return 0;
        }
    }

    private async Task ReadyAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        for (var tries = 0; tries < 200 && await timer.WaitForNextTickAsync(); tries++)
        {
            try
            {
                await using var stream = await ConnectAsync();
                return;
            }
            catch (Exception e) when (e is SocketException or WebSocketException && !_process.HasExited)
            {
                // Not listening yet.
            }
        }

        throw new InvalidOperationException($"{Name} does not listen.");
    }
}
