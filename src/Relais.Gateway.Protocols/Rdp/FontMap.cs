using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>The Font Map PDU, with which a server ends the connection sequence ([MS-RDPBCGR] 1.3.1.1 and 2.2.1.22).</summary>
public static class FontMap
{
    private const byte SendDataIndication = 26 << 2;
    private const int ShareControlLength = 6;
    private const int ShareDataType = 14;
    private const byte DataPdu = 7;
    private const byte FontMapType = 0x28;

    /// <summary>Whether a whole TPKT frame from a server is a Font Map. Never throws.</summary>
    public static bool Is(ReadOnlySpan<byte> frame)
    {
        // T.125: choice, initiator, channel, priority; then a length and, under TLS, at once the share control header (2.2.8.1.1.1.1).
        if (!McsFrame.TryReadData(frame, out var pdu) || McsFrame.Choice(pdu) != SendDataIndication || pdu.Length < 6)
            return false;
        var content = pdu[6..];
        return Per.TryReadLength(ref content, out var length) && length <= content.Length && content.Length > ShareDataType
            && (BinaryPrimitives.ReadUInt16LittleEndian(content[2..ShareControlLength]) & 0x0F) == DataPdu
            && content[ShareDataType] == FontMapType;
    }
}
