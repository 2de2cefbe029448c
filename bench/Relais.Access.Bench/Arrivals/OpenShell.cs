using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Relais.Access.Bench.Arrivals;

/// <summary>A terminal on a machine that stays open: when its node is gone, it is opened again, as the page does.</summary>
internal sealed class OpenShell(ArrivingPerson person, Guid workstation, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly byte[] Question = Typed("echo $((6 * 7))-ok\n");
    private int _answered;
    private volatile bool _open;

    /// <summary>Whether a shell is open now and has answered.</summary>
    public bool IsOpen => _open;

    /// <summary>How often a shell was opened and answered.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Opens it and holds it open until it is enough.</summary>
    public async Task HoldAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                await OnceAsync(enough);
            }
            catch (Exception e) when (e is WebSocketException or IOException or HttpRequestException)
            {
                // Its node is gone.
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested)
            {
                return;
            }

            _open = false;
            await Task.Delay(Pause, clock, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task OnceAsync(CancellationToken enough)
    {
        var (door, token) = await person.OpenAsync(workstation, enough);
        using var socket = new ClientWebSocket();
        socket.Options.Cookies = person.Cookies;
        socket.Options.RemoteCertificateValidationCallback = ArrivingPerson.Trusted;
        socket.Options.SetRequestHeader("Origin", person.Portal.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(door, enough);
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { token, columns = 80, rows = 24 }), WebSocketMessageType.Text, true, enough);
        var buffer = new byte[16 * 1024];
        var (seen, asked, answered) = (new StringBuilder(), false, false);
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, enough);
            if (received.MessageType is WebSocketMessageType.Close)
                return;
            if (!asked)
            {
                // It shows something: whatever is typed from here on is the shell's.
                asked = true;
                await socket.SendAsync(Question, WebSocketMessageType.Binary, true, enough);
            }

            if (!answered && seen.Append(Encoding.Latin1.GetString(buffer, 0, received.Count)).ToString().Contains("42-ok", StringComparison.Ordinal))
            {
                answered = _open = true;
                Interlocked.Increment(ref _answered);
            }
        }
    }

    // A key press and its length, as the terminal's page sends them.
    private static byte[] Typed(string text) => [0, 0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
}
