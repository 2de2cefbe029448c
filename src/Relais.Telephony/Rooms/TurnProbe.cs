using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Relais.Telephony.Rooms;

/// <summary>Whether a relay is there.</summary>
internal enum TurnState
{
    Answers,
    Silent,

    /// <summary>Over TLS, or not written as browsers take it: only a browser can say.</summary>
    Unasked,
}

/// <summary>Asks a relay by the one question that anybody may ask it: a STUN binding (RFC 8489), over UDP or TCP as its address says.</summary>
internal static class TurnProbe
{
    private const ushort BindingRequest = 0x0001;
    private const ushort BindingSuccess = 0x0101;
    private const uint Cookie = 0x2112A442;
    private const int HeaderLength = 20;
    private const int DefaultPort = 3478;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="uri">turn:host:port?transport=udp (RFC 7065).</param>
    /// <param name="cancel">The request.</param>
    public static async Task<TurnState> AskAsync(string uri, CancellationToken cancel)
    {
        if (!TryRead(uri, out var host, out var port, out var tcp))
            return TurnState.Unasked;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Patience);
        try
        {
            using var socket = tcp ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(host, port, late.Token);
            var request = new byte[HeaderLength];
            BinaryPrimitives.WriteUInt16BigEndian(request, BindingRequest);
            BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(4), Cookie);
            RandomNumberGenerator.Fill(request.AsSpan(8));
            await socket.SendAsync(request, late.Token);
            var answer = new byte[1500];
            var read = await socket.ReceiveAsync(answer, late.Token);
            return read >= HeaderLength && BinaryPrimitives.ReadUInt16BigEndian(answer) == BindingSuccess && answer.AsSpan(4, 16).SequenceEqual(request.AsSpan(4, 16))
                ? TurnState.Answers
                : TurnState.Silent;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return TurnState.Silent;
        }
    }

    private static bool TryRead(string uri, out string host, out int port, out bool tcp)
    {
        (host, port, tcp) = ("", DefaultPort, uri.EndsWith("?transport=tcp", StringComparison.OrdinalIgnoreCase));
        if (!uri.StartsWith("turn:", StringComparison.OrdinalIgnoreCase))
            return false;
        var query = uri.IndexOf('?', StringComparison.Ordinal);
        var place = uri["turn:".Length..(query < 0 ? uri.Length : query)];
        var colon = place.LastIndexOf(':');
        // The colons of an address of IPv6 are in brackets.
        var named = colon > place.LastIndexOf(']');
        host = (named ? place[..colon] : place).Trim('[', ']');
        return host.Length > 0 && (!named || (int.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort));
    }
}
