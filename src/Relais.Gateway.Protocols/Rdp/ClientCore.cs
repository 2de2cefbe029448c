using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>Edits of the client's core settings, CS_CORE ([MS-RDPBCGR] 2.2.1.3.2). None changes a length.</summary>
public static class ClientCore
{
    private const int KeyboardLayout = 16;
    private const int HighColorDepth = 140;
    private const int SupportedColorDepths = 142;
    private const int EarlyCapabilityFlags = 144;
    private const int ConnectionType = 210;
    private const int ServerSelectedProtocol = 212;

    private const ushort Depth24 = 24;
    private const ushort Supports32Bits = 0x0008;
    private const ushort Wants32Bits = 0x0002;
    private const ushort ConnectionTypeIsValid = 0x0020;
    private const ushort SupportsGraphicsPipeline = 0x0100;
    private const byte Lan = 6;

    /// <summary>
    /// Asks for 32 bits a pixel over a LAN, upon which xrdp sends RemoteFX: with 16 or 24 bits IronRDP shows skewed text, because it
    /// ignores the padding of bitmap rows, and about nine times the bytes travel.
    /// </summary>
    /// <returns>False when the client left out the optional fields, which then stay left out.</returns>
    public static bool AskFor32Bits(Span<byte> block)
    {
        if (block.Length <= ConnectionType)
            return false;
        BinaryPrimitives.WriteUInt16LittleEndian(block[HighColorDepth..], Depth24);
        Or(block[SupportedColorDepths..], Supports32Bits);
        Or(block[EarlyCapabilityFlags..], Wants32Bits | ConnectionTypeIsValid);
        block[ConnectionType] = Lan;
        return true;
    }

    /// <summary>Says that the client knows no graphics pipeline ([MS-RDPEGFX]), so that pictures come in the main channel.</summary>
    public static void LeaveOutGraphicsPipeline(Span<byte> block)
    {
        if (block.Length < EarlyCapabilityFlags + sizeof(ushort))
            return;
        var flags = block[EarlyCapabilityFlags..];
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) & ~SupportsGraphicsPipeline));
    }

    /// <summary>Sets the input locale, such as 0x040C for French.</summary>
    /// <returns>False when the block is too short to hold one.</returns>
    public static bool SetKeyboardLayout(Span<byte> block, uint layout)
    {
        if (block.Length < KeyboardLayout + sizeof(uint))
            return false;
        BinaryPrimitives.WriteUInt32LittleEndian(block[KeyboardLayout..], layout);
        return true;
    }

    /// <summary>
    /// Repeats what the target selected, which it compares with what it sent: the client was told another selection when the gateway did
    /// CredSSP in its place.
    /// </summary>
    /// <returns>False when the client left the field out.</returns>
    public static bool SetSelectedProtocol(Span<byte> block, SecurityProtocols selected)
    {
        if (block.Length < ServerSelectedProtocol + sizeof(uint))
            return false;
        BinaryPrimitives.WriteUInt32LittleEndian(block[ServerSelectedProtocol..], (uint)selected);
        return true;
    }

    private static void Or(Span<byte> field, ushort bits) =>
        BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(field) | bits));
}
