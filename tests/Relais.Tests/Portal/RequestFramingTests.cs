using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Relais.Tests.Portal;

/// <summary>Requests that two programs in a row could take for different ones.</summary>
public sealed class RequestFramingTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    private const string Hidden = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Theory]
    [InlineData("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n")]
    [InlineData("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n")]
    [InlineData("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length : 0\r\n\r\n")]
    [InlineData("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("GET /sign-in HTTP/1.1\r\nHost: localhost\r\n X-Folded: yes\r\n\r\n")]
    [InlineData("GET /sign-in HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\n\r\n")]
    [InlineData("GET /sign-in HTTP/1.1\r\n\r\n")]
    public async Task An_ambiguous_request_is_refused_and_what_follows_it_is_not_read(string request)
    {
        var answers = await AnswersAsync(request + Hidden);
        Assert.StartsWith("HTTP/1.1 400 ", answers, StringComparison.Ordinal);
        Assert.Equal(1, answers.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task A_request_with_both_a_length_and_chunks_is_the_last_of_its_connection()
    {
        var answers = await AnswersAsync(
            "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden);
        Assert.Equal(1, answers.Split("HTTP/1.1 ").Length - 1);
    }

    private async Task<string> AnswersAsync(string bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", app.Address.Port);
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        using var all = new MemoryStream();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await tls.CopyToAsync(all, late.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The server hung up, or waits for another request.
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }
}
