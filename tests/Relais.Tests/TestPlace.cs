using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Relais.Tests;

/// <summary>Where a test's programs run and its sockets are: on loopback, or in a network namespace, which is a machine of its own to the network.</summary>
internal sealed class TestPlace
{
    private const int CloneNewNet = 0x40000000;

    private readonly string? _namespace;

    private TestPlace(IPAddress address, string? name) => (Address, _namespace) = (address, name);

    public static TestPlace Here { get; } = new(IPAddress.Loopback, null);

    public IPAddress Address { get; }

    public static TestPlace In(string name, string address) => new(IPAddress.Parse(address), name);

    public TestProgram Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        _namespace is null
            ? TestProgram.Start(program, arguments, environment)
            : TestProgram.Start("ip", ["netns", "exec", _namespace, program, .. arguments], environment);

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task<TestProgram> StartAsync(int port, string program, params string[] arguments)
    {
        var started = Start(program, arguments);
        try
        {
            await started.ListensAsync(() => AnswersAsync(port));
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>A socket of this place. It stays there, whatever thread uses it: a socket belongs to the namespace that it was made in.</summary>
    public Socket Socket(SocketType type)
    {
        var protocol = type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp;
        if (_namespace is null)
            return new Socket(AddressFamily.InterNetwork, type, protocol);
        Socket? made = null;
        var thread = new Thread(() =>
        {
            using var file = File.OpenHandle($"/var/run/netns/{_namespace}");
            if (setns((int)file.DangerousGetHandle(), CloneNewNet) == 0)
                made = new Socket(AddressFamily.InterNetwork, type, protocol);
        });
        thread.Start();
        thread.Join();
        return made ?? throw new InvalidOperationException($"No socket in {_namespace}.");
    }

    /// <summary>A listener on its address.</summary>
    public Socket Listen(int port, IPAddress? address = null)
    {
        var listener = Socket(SocketType.Stream);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(address ?? Address, port));
        listener.Listen(16);
        return listener;
    }

    public async Task<bool> AnswersAsync(int port)
    {
        using var socket = Socket(SocketType.Stream);
        try
        {
            await socket.ConnectAsync(Address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setns(int descriptor, int kind);
}
