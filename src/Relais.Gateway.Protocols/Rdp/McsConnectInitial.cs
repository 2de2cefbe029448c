using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>Where the client's settings lie inside a Connect Initial frame, as offsets from the frame's first byte.</summary>
/// <param name="Core">CS_CORE ([MS-RDPBCGR] 2.2.1.3.2), block header included.</param>
/// <param name="Network">CS_NET (2.2.1.3.4), block header included; empty when the client asks for no channel.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClientBlocks(Range Core, Range Network);

/// <summary>The client's MCS Connect Initial with its GCC Conference Create Request ([MS-RDPBCGR] 2.2.1.3).</summary>
public static class McsConnectInitial
{
    private const ushort CoreType = 0xC001;
    private const ushort NetworkType = 0xC003;
    private const int BlockHeaderLength = 4;
    private const int GccHeaderLength = 23;

    /// <summary>Finds the settings in a whole frame, TPKT header included.</summary>
    /// <remarks>
    /// Strict where leniency would let a target read other blocks than those found here: the GCC header has the one shape that clients
    /// write (xrdp skips it unread), lengths add up to the last byte, and neither block may occur twice.
    /// Among those header bytes is a <c>01 C0</c> that looks like the start of CS_CORE and is not.
    /// </remarks>
    public static bool TryLocate(ReadOnlySpan<byte> frame, out ClientBlocks blocks)
    {
        blocks = default;
        if (!TryReadUserData(frame, out var userData) || !HasGccHeader(userData))
            return false;

        // The user data ends where the frame ends.
        var at = frame.Length - userData.Length + GccHeaderLength;
        Range core = default, network = default;
        var cores = 0;
        var networks = 0;
        while (at < frame.Length)
        {
            if (frame.Length - at < BlockHeaderLength)
                return false;
            var type = BinaryPrimitives.ReadUInt16LittleEndian(frame[at..]);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(frame[(at + 2)..]);
            if (length < BlockHeaderLength || length > frame.Length - at)
                return false;
            switch (type)
            {
                case CoreType:
                    core = at..(at + length);
                    cores++;
                    break;
                case NetworkType:
                    network = at..(at + length);
                    networks++;
                    break;
                default:
                    break;
            }

            at += length;
        }

        blocks = new ClientBlocks(core, network);
        return cores == 1 && networks <= 1;
    }

    private static ReadOnlySpan<byte> ConnectInitial => [0x7F, 0x65];

    private static ReadOnlySpan<byte> OctetString => [0x04];

    private static ReadOnlySpan<byte> Boolean => [0x01];

    private static ReadOnlySpan<byte> Sequence => [0x30];

    // ITU-T T.125, 7: Connect-Initial is APPLICATION 101, with two domain selectors, a boolean, three sets of parameters and user data.
    private static bool TryReadUserData(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> userData)
    {
        userData = default;
        if (!McsFrame.TryReadData(frame, out var pdu))
            return false;
        var at = 0;
        if (!Ber.TryEnter(pdu, ConnectInitial, ref at, out var length) || at + length != pdu.Length
            || !Ber.TrySkip(pdu, OctetString, ref at)
            || !Ber.TrySkip(pdu, OctetString, ref at)
            || !Ber.TrySkip(pdu, Boolean, ref at)
            || !Ber.TrySkip(pdu, Sequence, ref at)
            || !Ber.TrySkip(pdu, Sequence, ref at)
            || !Ber.TrySkip(pdu, Sequence, ref at)
            || !Ber.TryEnter(pdu, OctetString, ref at, out length) || at + length != pdu.Length)
        {
            return false;
        }

        userData = pdu[at..];
        return true;
    }

    // ITU-T T.124, 8.7: object key 0.0.20.124.0.1, PER length, Conference Create Request, "Duca", PER length.
    // IronRDP counts two bytes less than the others do in the outer length, which targets do not look at.
    private static bool HasGccHeader(ReadOnlySpan<byte> userData) =>
        userData.Length > GccHeaderLength
        && userData.StartsWith<byte>([0x00, 0x05, 0x00, 0x14, 0x7C, 0x00, 0x01])
        && (BinaryPrimitives.ReadUInt16BigEndian(userData[7..]) ^ 0x8000) - userData.Length is -9 or -11
        && userData[9..].StartsWith<byte>([0x00, 0x08, 0x00, 0x10, 0x00, 0x01, 0xC0, 0x00, (byte)'D', (byte)'u', (byte)'c', (byte)'a'])
        && BinaryPrimitives.ReadUInt16BigEndian(userData[21..]) == (0x8000 | (userData.Length - GccHeaderLength));
}
