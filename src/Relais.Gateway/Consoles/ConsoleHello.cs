using System.Net.WebSockets;
using System.Text.Json;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Consoles;

/// <summary>The first message of a console's page: the one-time token, and for a terminal the size that it has.</summary>
internal sealed record ConsoleHello(string Token, int Columns = 80, int Rows = 24)
{
    public const int LengthLimit = 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Reads it within a time and a length; null when it does not come or is none.</summary>
    public static async Task<ConsoleHello?> ReceiveAsync(WebSocket socket, CancellationToken late, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late, cancel);
        var buffer = new byte[LengthLimit];
        try
        {
            var filled = 0;
            while (filled < buffer.Length)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(filled), either.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                    return null;
                filled += received.Count;
                if (received.EndOfMessage)
                    return Read(buffer.AsSpan(0, filled));
            }

            return null;
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            return null;
        }
    }

    internal static ConsoleHello? Read(ReadOnlySpan<byte> message)
    {
        try
        {
            return JsonSerializer.Deserialize<ConsoleHello>(message, Json) is { Token.Length: > 0, Columns: > 0 and <= 2000, Rows: > 0 and <= 2000 } hello
                ? hello
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
