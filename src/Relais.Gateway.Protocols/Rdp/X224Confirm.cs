using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>The target's X.224 Connection Confirm ([MS-RDPBCGR] 2.2.1.2): the security it chose, or why it refuses.</summary>
/// <param name="Selected">What the target chose; <see cref="SecurityProtocols.Rdp"/> when it did not negotiate.</param>
/// <param name="Failure">failureCode of RDP_NEG_FAILURE (2.2.1.2.2), or null when it did not refuse.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct X224Confirm(SecurityProtocols Selected, uint? Failure)
{
    /// <summary>The longest confirm accepted.</summary>
    public const int MaxLength = Tpkt.HeaderLength + 1 + byte.MaxValue;

    private const byte ConnectionConfirm = 0xD0;
    private const byte NegotiationResponse = 2;
    private const byte NegotiationFailure = 3;

    /// <summary>Reads a whole frame, TPKT header included.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out X224Confirm confirm)
    {
        confirm = default;
        if (frame.Length < X224Request.FixedLength || frame[0] != Tpkt.Version || frame[5] != ConnectionConfirm
            || BinaryPrimitives.ReadUInt16BigEndian(frame[2..]) != frame.Length || frame[4] != frame.Length - 5)
        {
            return false;
        }

        var rest = frame[X224Request.FixedLength..];
        if (rest.IsEmpty)
            return true;
        if (rest.Length != X224Request.NegotiationLength || BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) != X224Request.NegotiationLength)
            return false;
        var value = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
        confirm = rest[0] == NegotiationFailure ? new X224Confirm(SecurityProtocols.Rdp, value) : new X224Confirm((SecurityProtocols)value, null);
        return rest[0] is NegotiationResponse or NegotiationFailure;
    }

    /// <summary>The same confirm with another selection, for a client in whose place the gateway did CredSSP.</summary>
    /// <param name="frame">A whole frame that <see cref="TryRead"/> read, with a selection and no failure in it.</param>
    public static byte[] Select(ReadOnlySpan<byte> frame, SecurityProtocols selected)
    {
        var changed = frame.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(X224Request.FixedLength + 4), (uint)selected);
        return changed;
    }
}
