using System.Net.Sockets;
using System.Text;
using Relais.Gateway.Consoles;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway.Sites;

public sealed class SshBridgeTests
{
    [Theory]
    [InlineData("SSH-2.0-moi\r\n\r\n")]
    [InlineData("CONNECT 10.1.0.5:22 HTTP/1.0\r\n\r\n")]
    [InlineData("CONNECT 10.1.0.5:22 HTTP/1.0\r\nProxy-Authorization: Basic cmVsYWlzOg==\r\n\r\n")]
    public async Task A_program_without_the_password_is_not_let_over_the_bridge(string request)
    {
        using var target = await Loopback.ConnectAsync();
        await using var bridge = SshBridge.Over(new TargetLink(RelaySide.Of(target.Near)), TimeProvider.System);
        Assert.Equal("", await AskAsync(bridge, request));

        // And whoever has it still gets over, once.
        var password = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{SshBridge.UserName}:{bridge.Password}"));
        using var client = await SendAsync(bridge, $"CONNECT 10.1.0.5:22 HTTP/1.0\r\nProxy-Authorization: Basic {password}\r\n\r\n");
        await using var stream = new NetworkStream(client);
        var answer = new byte["HTTP/1.0 200 OK\r\n\r\n".Length];
        await stream.ReadExactlyAsync(answer);
        Assert.StartsWith("HTTP/1.0 200", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
        await target.Stream.WriteAsync("SSH-2.0-cible\r\n"u8.ToArray());
        var line = new byte["SSH-2.0-cible\r\n".Length];
        await stream.ReadExactlyAsync(line);
        Assert.Equal("SSH-2.0-cible\r\n", Encoding.ASCII.GetString(line));
        await Assert.ThrowsAsync<SocketException>(() => SendAsync(bridge, request));
    }

    private static async Task<Socket> SendAsync(SshBridge bridge, string request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(bridge.Address);
            await socket.SendAsync(Encoding.ASCII.GetBytes(request));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> AskAsync(SshBridge bridge, string request)
    {
        using var socket = await SendAsync(bridge, request);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
