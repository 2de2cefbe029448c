using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Relais.Desktops.Bench;

/// <summary>The Relais that the launcher started for the benchmark: its command line, its processes, and starting it again.</summary>
/// <param name="program">The built server.</param>
/// <param name="data">Its data directory.</param>
/// <param name="launcher">The launcher, which reads the same environment as this process.</param>
internal sealed class Installation(string program, string data, string launcher)
{
    /// <summary>The engine's unix socket.</summary>
    public string SocketPath => Describe("socket");

    /// <summary>The first address of the desktops' network.</summary>
    public string Gateway => string.Concat(Describe("subnet").AsSpan(0, Describe("subnet").LastIndexOf('.') + 1), "1");

    /// <summary>A client of the engine's REST API.</summary>
    public HttpClient Engine() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }) { BaseAddress = new Uri("http://engine") };

    /// <summary>Says a verb and waits for it; what it says of its progress goes on.</summary>
    public async Task<string> SayAsync(string verb)
    {
        using var process = Start(program, verb.Split(' '));
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        // Some desktops may have had nothing to do: what counts is read from the rows.
        return said;
    }

    /// <summary>Ends the server and the engine's daemon at once, as a power cut of the two would.</summary>
    public async Task KillAsync()
    {
        foreach (var file in new[] { Path.Combine(data, "lxd", "daemon.pid"), Path.Combine(data, "relais.pid") })
        {
            using var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture));
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    public async Task UpAsync()
    {
        using var process = Start("bash", [launcher, "up"]);
        await Console.Error.WriteLineAsync(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"the launcher ended with {process.ExitCode}");
    }

    private string Describe(string key)
    {
        using var engine = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "lxd", "engine.json")));
        return engine.RootElement.GetProperty(key).GetString() ?? "";
    }

    private Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["RELAIS_DATA"] = data;
        return Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
    }
}
