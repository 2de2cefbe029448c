using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Gateway.Bench;

/// <summary>What is spoken to a relay; behind it all speak plain TCP.</summary>
internal enum Kind
{
    Tcp,
    Tls,
    WebSocket,
    SecureWebSocket,
}

/// <summary>A relay in a process of its own, whose CPU time the kernel counts.</summary>
internal sealed class Contender : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ, the unit of /proc/PID/stat on every Linux

    private readonly Process _process;

    private Contender(string name, Kind kind, int port, Process process) => (Name, Kind, Port, _process) = (name, kind, port, process);

    public string Name { get; }

    public Kind Kind { get; }

    public int Port { get; }

    public bool IsWebSocket => Kind is Kind.WebSocket or Kind.SecureWebSocket;

    private bool IsSecure => Kind is Kind.Tls or Kind.SecureWebSocket;

    public static async Task<Contender> StartAsync(
        string name, Kind kind, int port, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var contender = new Contender(name, kind, port, process);
        await contender.ReadyAsync();
        return contender;
    }

    /// <summary>User and system time so far. Assumes that the relay is one process, as all here are but websockify: see <see cref="CpuOf"/>.</summary>
    public TimeSpan Cpu() => TimeSpan.FromSeconds(CpuOf(_process.Id) / TicksPerSecond);

    /// <summary>Memory of the relay's processes in bytes, what they share counted once.</summary>
    public long Memory() => MemoryOf(_process.Id);

    public async Task<Stream> ConnectAsync()
    {
        if (!IsWebSocket)
        {
            var plain = new NetworkStream(await ConnectSocketAsync(), ownsSocket: true);
            if (!IsSecure)
                return plain;
            var tls = new SslStream(plain, leaveInnerStreamOpen: false, IsOurs);
            await tls.AuthenticateAsClientAsync("localhost");
            return tls;
        }

        var client = new ClientWebSocket();
        client.Options.RemoteCertificateValidationCallback = IsOurs;
        await client.ConnectAsync(new Uri($"{(IsSecure ? "wss" : "ws")}://127.0.0.1:{Port}/"), CancellationToken.None);
        return WebSocketStream.Create(client, WebSocketMessageType.Binary, TimeSpan.FromSeconds(1));
    }

    /// <summary>A connection that begins and does not go on: part of a request, or of a TLS handshake.</summary>
    public async Task<Socket> BeginAsync()
    {
        var socket = await ConnectSocketAsync();
        await socket.SendAsync(IsSecure ? new byte[] { 22, 3, 1 } : "GET / HTTP/1.1\r\nHost: "u8.ToArray());
        return socket;
    }

    private async Task<Socket> ConnectSocketAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return socket;
    }

    private static bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate?.Subject == "CN=localhost";

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
            return ticks + Children(pid).Sum(CpuOf);
        }
        catch (IOException)
        {
            // A child that ended meanwhile: its parent has its time.
            return 0;
        }
    }

    private static long MemoryOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
            return (1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) + Children(pid).Sum(MemoryOf);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static IEnumerable<int> Children(int pid) => Directory.GetDirectories($"/proc/{pid}/task")
        .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

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
            catch (Exception e) when (e is SocketException or WebSocketException or IOException)
            {
                if (_process.HasExited)
                    throw new InvalidOperationException($"{Name} ended with {_process.ExitCode}.", e);
                // Not listening yet.
            }
        }

        throw new InvalidOperationException($"{Name} does not listen.");
    }
}
