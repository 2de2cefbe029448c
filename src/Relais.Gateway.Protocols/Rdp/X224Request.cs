using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>The client's X.224 Connection Request ([MS-RDPBCGR] 2.2.1.1): which security it can do, perhaps with a cookie or routing token.</summary>
/// <param name="Protocols">What the client offers; <see cref="SecurityProtocols.Rdp"/> when it does not negotiate.</param>
/// <param name="Flags">RDP_NEG_REQ flags: restricted admin 1, redirected authentication 2, correlation 8.</param>
/// <param name="Cookie">Length in bytes of the cookie or routing token before the negotiation, 0 if there is none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct X224Request(SecurityProtocols Protocols, byte Flags, int Cookie)
{
    /// <summary>The longest request accepted: a routing token is short, and the length indicator caps it at 259.</summary>
    public const int MaxLength = Tpkt.HeaderLength + 1 + byte.MaxValue;

    internal const int FixedLength = Tpkt.HeaderLength + 7;
    internal const int NegotiationLength = 8;
    private const byte ConnectionRequest = 0xE0;
    private const byte NegotiationRequest = 1;
    private const byte CorrelationPresent = 8;
    private const int CorrelationLength = 36;

    /// <summary>Reads a whole frame, TPKT header included.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out X224Request request)
    {
        request = default;
        // X.224, 13.3: the length indicator counts the bytes after itself.
        if (frame.Length < FixedLength || frame[0] != Tpkt.Version || frame[5] != ConnectionRequest
            || BinaryPrimitives.ReadUInt16BigEndian(frame[2..]) != frame.Length || frame[4] != frame.Length - 5)
        {
            return false;
        }

        var rest = frame[FixedLength..];
        var cookie = CookieLength(rest);
        if (cookie < 0)
            return false;
        rest = rest[cookie..];
        if (rest.IsEmpty)
        {
            request = new X224Request(SecurityProtocols.Rdp, 0, cookie);
            return true;
        }

        if (rest.Length < NegotiationLength || rest[0] != NegotiationRequest || BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) != NegotiationLength)
            return false;
        var flags = rest[1];
        var expected = NegotiationLength + ((flags & CorrelationPresent) != 0 ? CorrelationLength : 0);
        if (rest.Length != expected)
            return false;
        request = new X224Request((SecurityProtocols)BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]), flags, cookie);
        return true;
    }

    /// <summary>
    /// Writes a request with the same negotiation and nothing else. Cookie and routing token are left out because they could steer
    /// a load balancer in front of the target, and the correlation id because it is only for logs.
    /// </summary>
    public byte[] Write()
    {
        var frame = new byte[FixedLength + NegotiationLength];
        Tpkt.WriteHeader(frame, frame.Length);
        frame[4] = (byte)(frame.Length - 5);
        frame[5] = ConnectionRequest;
        var negotiation = frame.AsSpan(FixedLength);
        negotiation[0] = NegotiationRequest;
        negotiation[1] = (byte)(Flags & ~CorrelationPresent);
        BinaryPrimitives.WriteUInt16LittleEndian(negotiation[2..], NegotiationLength);
        BinaryPrimitives.WriteUInt32LittleEndian(negotiation[4..], (uint)Protocols);
        return frame;
    }

    // A cookie or token is ANSI text ended by CR LF; a negotiation starts with 0x01, which no text does.
    private static int CookieLength(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest[0] == NegotiationRequest)
            return 0;
        var end = rest.IndexOf("\r\n"u8);
        return end < 0 ? -1 : end + 2;
    }
}
