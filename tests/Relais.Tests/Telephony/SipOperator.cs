using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Relais.Tests.Telephony;

/// <summary>SIPp as an operator, which nobody here wrote; what it does with a call, the end of the number says (operator.xml).</summary>
internal sealed class SipOperator : IAsyncDisposable
{
    private readonly TestProgram _program;
    private readonly DirectoryInfo _folder;

    private SipOperator(TestProgram program, DirectoryInfo folder, int port) => (_program, _folder, Port) = (program, folder, port);

    public int Port { get; }

    /// <summary>All messages that it got and sent.</summary>
    public string Messages => string.Concat(_folder.GetFiles("*messages*.log").Select(f => Read(f.FullName)));

    /// <summary>What went against its scenario.</summary>
    public string Errors => string.Concat(_folder.GetFiles("*errors*.log").Select(f => Read(f.FullName)));

    public static SipOperator Start()
    {
        var folder = Directory.CreateTempSubdirectory("relais-sipp-");
        var port = FreePort();
        var program = TestProgram.Start("sipp",
        [
            "-sf", Path.Combine(RelaisApp.Repository(), "tests", "Relais.Tests", "Telephony", "operator.xml"), "-i", "127.0.0.1", "-mi", "127.0.0.1",
            "-p", port.ToString(CultureInfo.InvariantCulture), "-mp", (FreePort() & ~1).ToString(CultureInfo.InvariantCulture), "-rtp_echo", "-nostdin",
            "-trace_msg", "-message_file", Path.Combine(folder.FullName, "messages.log"), "-trace_err", "-error_file", Path.Combine(folder.FullName, "errors.log"),
        ]);
        return new SipOperator(program, folder, port);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Read(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }
}
