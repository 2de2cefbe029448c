using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Relais.Fieldwork.Simulation;

namespace Relais.Fieldwork.Bench;

/// <summary>The built program as a process, on a database and a folder of its own.</summary>
internal sealed class ServerUnderTest(string program, string connection, string folder) : IDisposable
{
    private readonly int _port = FreePort();
    private Process? _server;

    public Uri Address => new($"https://localhost:{_port}");

    public string Authority => Path.Combine(folder, "tls", "ca.crt");

    public string Folder => folder;

    public int ProcessId => _server?.Id ?? 0;

    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public async Task StartAsync()
    {
        _server = Start("serve", "serve.log");
        using var anyone = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost" } });
        while (true)
        {
            if (_server.HasExited)
                throw new InvalidOperationException($"The server ended: see {Path.Combine(folder, "serve.log")}");
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

    public Process Start(string verb, string log, params string[] arguments)
    {
        var process = Process.Start(Of([verb, .. arguments])) ?? throw new InvalidOperationException("relais did not start");
        _ = CopyAsync(process, Path.Combine(folder, log));
        return process;
    }

    public async Task<Dictionary<string, string>> PasswordsAsync() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(folder, "demo-passwords.json"))) ?? [];

    public async Task<InterviewerClient> SignInAsync(string user)
    {
        var client = new InterviewerClient(Address, InterviewersVerb.Handler(Authority), user, (await PasswordsAsync())[user], TimeProvider.System);
        await client.SignInAsync(CancellationToken.None);
        return client;
    }

    public void Dispose() => Kill();

    private ProcessStartInfo Of(string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["RELAIS_DATA"] = folder;
        start.Environment["RELAIS__Relais__HttpsPort"] = _port.ToString(CultureInfo.InvariantCulture);
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
