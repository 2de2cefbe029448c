using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Relais.Access.Bench.Arrivals;

namespace Relais.Access.Bench;

/// <summary>The built program as a node of one database, with a folder of its own.</summary>
internal sealed class Node(string program, string connection, string folder) : IDisposable
{
    private Process? _server;

    public int Port { get; } = FreePort();

    public Uri Address => new($"https://localhost:{Port}");

    public string Folder { get; } = Directory.CreateDirectory(folder).FullName;

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public async Task StartAsync()
    {
        _server = Process.Start(Of(["serve"])) ?? throw new InvalidOperationException("relais did not start");
        _ = CopyAsync(_server, Path.Combine(Folder, "serve.log"));
        using var anyone = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = ArrivingPerson.Trusted } });
        while (true)
        {
            if (_server.HasExited)
                throw new InvalidOperationException($"The server ended: see {Path.Combine(Folder, "serve.log")}");
            try
            {
                if ((await anyone.GetAsync(new Uri(Address, "/health/ready"))).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _server?.Kill();
        _server?.WaitForExit();
        _server?.Dispose();
        _server = null;
    }

    /// <returns>What a verb wrote, and its exit code.</returns>
    public async Task<(int Code, string Said)> SayAsync(params string[] arguments)
    {
        using var verb = Process.Start(Of(arguments)) ?? throw new InvalidOperationException("relais did not start");
        var said = await verb.StandardOutput.ReadToEndAsync();
        await verb.WaitForExitAsync();
        return (verb.ExitCode, said);
    }

    /// <summary>Adds the sample institute with so many interviewers.</summary>
    /// <returns>Names and passwords.</returns>
    public async Task<Dictionary<string, string>> SeedAsync(int interviewers) =>
        (await SayAsync("demo", "people", interviewers.ToString(CultureInfo.InvariantCulture))).Said.Split('\n').Skip(1)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(l => l.Length > 2).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);

    public void Dispose() => Kill();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private ProcessStartInfo Of(string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["RELAIS_DATA"] = Folder;
        start.Environment["RELAIS__Relais__HttpsPort"] = Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["RELAIS__ConnectionStrings__Relais"] = connection;
        start.Environment["RELAIS__Portal__WebRoot"] = Environment.GetEnvironmentVariable("RELAIS_BENCH_WEB");
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;
        return start;
    }

    private static async Task CopyAsync(Process process, string log)
    {
        await using var file = new StreamWriter(log, append: true);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            await file.WriteLineAsync(line);
    }
}
