using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relais.Tests;

/// <summary>A program that nobody here wrote, started by a test and ended with it.</summary>
internal sealed class TestProgram : IAsyncDisposable
{
    private const int FirstPort = 30_500;
    // Voices have even ports, with the reports' after them, and SIPp's picture two further.
    private const int PortsEach = 4;
    private const int Ports = 560;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    // Not the same start in two runs at once.
    private static int _ports = Environment.ProcessId;
    private readonly string _name;
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private int _ended;
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestProgram(string name, Process process)
    {
        (_name, _process) = (name, process);
        process.OutputDataReceived += (_, line) =>
        {
            Hear(line.Data);
            _firstLine.TrySetResult(line.Data ?? "");
        };
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote so far, to show when a test fails.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public int Id => _process.Id;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>
    /// A port of loopback for a program that is about to listen there, on TCP or UDP: of a range from which the system gives none by itself, and
    /// no port twice.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + ((Interlocked.Increment(ref _ports) % Ports) * PortsEach);
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
                return port;
        }
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static TestProgram Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = Of(program, arguments);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new TestProgram(program, Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<TestProgram> StartAsync(int port, string program, params string[] arguments)
    {
        var started = Start(program, arguments);
        try
        {
            await started.ListensAsync(port);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Of(program, arguments)) ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(late.Token);
        Assert.True(process.ExitCode == 0, $"{program}: {await output}{await error}");
        return await output;
    }

    /// <summary>Waits until it listens on a port of loopback.</summary>
    public Task ListensAsync(int port) => ListensAsync(() => AnswersAsync(port));

    /// <summary>Waits until somebody who knocks is answered.</summary>
    public async Task ListensAsync(Func<Task<bool>> answers)
    {
        using var late = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await answers())
        {
            Assert.True(ExitCode is null, $"{_name} ended: {Said}");
            await pause.WaitForNextTickAsync(late.Token);
        }
    }

    /// <summary>The first line of its output.</summary>
    public Task<string> FirstLineAsync() => _firstLine.Task.WaitAsync(Patience);

    public async Task<int> EndsAsync(TimeSpan? within = null)
    {
        await _process.WaitForExitAsync().WaitAsync(within ?? Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        // A test may end it before its turn.
        if (Interlocked.Exchange(ref _ended, 1) == 1)
            return;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo Of(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // So that ./relais test finds and ends what a killed run left.
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_DATA") is { } owner)
            start.Environment["RELAIS_TEST_OWNER"] = owner;
        return start;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
