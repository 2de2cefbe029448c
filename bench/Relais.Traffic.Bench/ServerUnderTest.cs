using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Relais.Traffic.Bench;

/// <summary>A server as a process, on a database and a folder of its own, with plain HTTP on loopback as behind a proxy that ends TLS.</summary>
/// <param name="program">The built program, which also plays the load.</param>
internal sealed class ServerUnderTest(string program, string connection, string folder) : IDisposable
{
    private const string Site = "Essai de charge";
    private readonly (int Https, int Http) _ports = (FreePort(), FreePort());
    private Process? _server;

    public Uri Address => new($"http://127.0.0.1:{_ports.Http}");

    public string Log => Path.Combine(folder, "traffic");

    public int ProcessId => _server?.Id ?? 0;

    /// <summary>The most memory that it has held, in MiB.</summary>
    public double PeakMiB()
    {
        var line = File.ReadLines($"/proc/{ProcessId}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    /// <param name="served">The server's program and arguments: the built one, unless another is to be measured.</param>
    public async Task StartAsync(params string[] served)
    {
        Directory.CreateDirectory(folder);
        _server = Start(served is [var other, .. var arguments] ? Of(other, arguments) : Of(program, ["serve"]), "serve.log");
        using var anyone = new HttpClient();
        while (true)
        {
            if (_server.HasExited)
                throw new InvalidOperationException($"The server ended: see {Path.Combine(folder, "serve.log")}");
            try
            {
                // No key: whoever says so collects.
                if ((await anyone.GetAsync(new Uri(Address, "/c"))).StatusCode is HttpStatusCode.Unauthorized)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary><c>relais traffic replay</c> against it.</summary>
    /// <returns>Its lines by their first word.</returns>
    public async Task<Dictionary<string, string>> ReplayAsync(string step, int seconds, int connections)
    {
        var call = Of(program, ["traffic", "replay", "--step", step, "--seconds", Text(seconds), "--connections", Text(connections), "--to", Address.ToString()]);
        call.RedirectStandardOutput = true;
        using var replay = Process.Start(call) ?? throw new InvalidOperationException("relais did not start");
        var said = await replay.StandardOutput.ReadToEndAsync();
        await replay.WaitForExitAsync();
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(l => l.Split(' ', 2, StringSplitOptions.TrimEntries)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
    }

    /// <summary>The key of the site for loads, once the server knows it.</summary>
    public async Task<string> KeyAsync()
    {
        await ReplayAsync("1:1", 1, 1);
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("SELECT key FROM traffic.site WHERE name = $1");
        command.Parameters.AddWithValue(Site);
        return (string)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"There is no site {Site}."));
    }

    /// <summary>Ends it as an operator does; what was taken is written.</summary>
    public async Task StopAsync()
    {
        if (_server is not { HasExited: false } server)
            return;
        // The one that is ours ends with its input, the built one by its signal.
        server.StandardInput.Close();
        using var kill = Process.Start("kill", ["-TERM", Text(server.Id)]);
        await server.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (_server is { HasExited: false })
            _server.Kill();
        _server?.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private Process Start(ProcessStartInfo start, string log)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start");
        _ = CopyAsync(process, Path.Combine(folder, log));
        return process;
    }

    private ProcessStartInfo Of(string what, string[] arguments)
    {
        var start = new ProcessStartInfo(what, arguments) { UseShellExecute = false };
        start.Environment["RELAIS_DATA"] = folder;
        // As the launcher starts it.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = Text(Environment.ProcessorCount);
        start.Environment["RELAIS__Relais__HttpsPort"] = Text(_ports.Https);
        start.Environment["RELAIS__Relais__HttpPort"] = Text(_ports.Http);
        start.Environment["RELAIS__ConnectionStrings__Relais"] = connection;
        start.Environment["RELAIS__Portal__WebRoot"] = Environment.GetEnvironmentVariable("RELAIS_BENCH_WEB");
        return start;
    }

    private static async Task CopyAsync(Process process, string log)
    {
        await using var file = new StreamWriter(log, append: true);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            await file.WriteLineAsync(line);
    }
}
