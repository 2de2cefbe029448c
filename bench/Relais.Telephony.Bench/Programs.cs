using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Relais.Telephony.Bench;

/// <summary>The programs that a measurement starts, and where they are.</summary>
internal static class Programs
{
    public static string Root { get; } = FindRoot();

    /// <summary>This program again, with other arguments.</summary>
    public static Process Own(params string[] arguments) => Start(Environment.ProcessPath ?? "dotnet", arguments);

    public static Process Start(string program, params string[] arguments)
    {
        // Run by dotnet, the program is its first argument.
        List<string> all = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(Programs).Assembly.Location, .. arguments] : [.. arguments];
        return Process.Start(new ProcessStartInfo(program, all) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false }) ?? throw new InvalidOperationException($"{program} did not start");
    }

    /// <summary>SIPp as an operator that answers every call; a callee's voice is at that port.</summary>
    public static async Task<Process> OperatorAsync(int port, int voice, int calls)
    {
        var sipp = Start("sipp", "-sf", Path.Combine(Root, "tests", "Relais.Tests", "Telephony", "operator.xml"), "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", Text(port), "-l", Text(calls * 2),
            "-key", "voice_port", Text(voice), "-nostdin");
        _ = sipp.StandardOutput.ReadToEndAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        return sipp;
    }

    /// <summary>Janus, on its own settings in a folder.</summary>
    public static async Task<Process> JanusAsync(string folder, int port, string secret, int firstRtp)
    {
        var janus = Start("bash", Path.Combine(Root, "scripts", "janus.sh"), Path.Combine(folder, "janus"), Text(port), secret, Text(firstRtp));
        _ = janus.StandardOutput.ReadToEndAsync();
        for (var tried = 0; tried < 100; tried++)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return janus;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        throw new InvalidOperationException("Janus did not start.");
    }

    public static void Kill(Process? process)
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    public static int FreePort(ProtocolType protocol = ProtocolType.Udp)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, protocol is ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Relais.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        return folder.FullName;
    }
}
