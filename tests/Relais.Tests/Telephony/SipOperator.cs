using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

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
    private string Errors => string.Concat(_folder.GetFiles("*errors*.log").Select(f => Read(f.FullName)));

    /// <param name="voice">Where the callee's voice is; null for an echo.</param>
    /// <param name="transport">As SIPp names them: "u1" for UDP, "t1" for TCP.</param>
    /// <param name="scenario">Another one than operator.xml, as text.</param>
    public static async Task<SipOperator> StartAsync(int? voice = null, string transport = "u1", string? scenario = null)
    {
        var folder = Directory.CreateTempSubdirectory("relais-sipp-");
        var file = Path.Combine(RelaisApp.Repository(), "tests", "Relais.Tests", "Telephony", "operator.xml");
        if (scenario is not null)
        {
            file = Path.Combine(folder.FullName, "scenario.xml");
            await File.WriteAllTextAsync(file, scenario);
        }

        var (port, echo) = (TestProgram.FreePort(), TestProgram.FreePort());
        var program = TestProgram.Start("sipp",
        [
            "-sf", file, "-i", "127.0.0.1", "-mi", "127.0.0.1",
            "-t", transport, "-p", port.ToString(CultureInfo.InvariantCulture), "-mp", echo.ToString(CultureInfo.InvariantCulture), "-rtp_echo", "-key", "voice_port", (voice ?? echo).ToString(CultureInfo.InvariantCulture), "-nostdin",
            // A busy machine is no fault of ours.
            "-watchdog_minor_threshold", "60000", "-watchdog_major_threshold", "60000",
            "-trace_msg", "-message_file", Path.Combine(folder.FullName, "messages.log"), "-trace_err", "-error_file", Path.Combine(folder.FullName, "errors.log"),
        ]);
        var started = new SipOperator(program, folder, port);
        if (transport == "u1")
            await program.ListensAsync(started.AnswersAsync);
        else
            await program.ListensAsync(port);
        return started;
    }

    private async Task<bool> AnswersAsync()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var id = Guid.NewGuid().ToString("N");
        var probe = $"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {socket.Client.LocalEndPoint};branch=z9hG4bK{id}\r\nFrom: <sip:test@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\n"
            + $"Call-ID: {id}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(probe), new IPEndPoint(IPAddress.Loopback, Port), late.Token);
            return (await socket.ReceiveAsync(late.Token)).Buffer.Length > 0;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    /// <summary>Nothing went against its scenario; what did is said in full.</summary>
    public void AssertContent() => Assert.True(Errors.Length == 0, Errors);

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Read(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }
}
