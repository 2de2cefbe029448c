using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// Makes of what a target sends to a native client what it would have sent to a client without static channels, so that the portal's client
/// can go through it again: the settings, the joins and the licence are written anew, and of the rest stays what concerns the picture.
/// </summary>
/// <remarks>
/// A client's own licence exchange is bound to its random numbers and could not be gone through again; "no licence needed" can. One instance
/// serves one connection. Never throws on bytes.
/// </remarks>
public sealed class RdpReplayable
{
    private const ushort InputOutput = ClientInfo.InputOutputChannel;
    private const int FirstUser = 1001;
    private const int ControlTypeMask = 0x0F;
    private const int DemandActive = 1;

    private Step _step = Step.Settings;

    private enum Step
    {
        Settings,
        User,
        Capabilities,
        FontMap,
        Picture,
    }

    /// <summary>Whether the start-up is over, so that frames may share a message.</summary>
    public bool Started => _step == Step.Picture;

    /// <summary>The MCS Connect Response of a server without static channels ([MS-RDPBCGR] 2.2.1.4), as a whole frame.</summary>
    public static ReadOnlySpan<byte> ConnectResponse =>
    [
        0x03, 0x00, 0x00, 0x64, 0x02, 0xF0, 0x80,
        // Connect-Response, 90 bytes: successful, connect id 0, domain parameters, user data (T.125, 7).
        0x7F, 0x66, 0x5A, 0x0A, 0x01, 0x00, 0x02, 0x01, 0x00,
        0x30, 0x1A, 0x02, 0x01, 0x22, 0x02, 0x01, 0x03, 0x02, 0x01, 0x00, 0x02, 0x01, 0x01, 0x02, 0x01, 0x00, 0x02, 0x01, 0x01,
        0x02, 0x03, 0x00, 0xFF, 0xF8, 0x02, 0x01, 0x02,
        // GCC Conference Create Response of T.124, with the key "McDn".
        0x04, 0x36, 0x00, 0x05, 0x00, 0x14, 0x7C, 0x00, 0x01, 0x2E, 0x14, 0x76, 0x0A, 0x01, 0x01, 0x00, 0x01, 0xC0, 0x00,
        (byte)'M', (byte)'c', (byte)'D', (byte)'n', 0x20,
        // SC_CORE: RDP 5, the client asked for TLS. SC_SECURITY: none. SC_NET: the input/output channel and no other.
        0x01, 0x0C, 0x0C, 0x00, 0x04, 0x00, 0x08, 0x00, 0x01, 0x00, 0x00, 0x00,
        0x02, 0x0C, 0x0C, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x03, 0x0C, 0x08, 0x00, 0xEB, 0x03, 0x00, 0x00,
    ];

    /// <summary>Takes a whole frame of the target.</summary>
    /// <param name="frame">TPKT or fast path, header included.</param>
    /// <param name="show">Called with each frame that stands for it: often itself, or none.</param>
    public void Take(ReadOnlySpan<byte> frame, ShowFrame show)
    {
        switch (_step)
        {
            case Step.Settings:
                show(ConnectResponse);
                _step = Step.User;
                break;
            case Step.User when TryReadUser(frame, out var user):
                show(frame);
                show(Joined(user, (ushort)(user + FirstUser)));
                show(Joined(user, InputOutput));
                show(NoLicenceNeeded(user));
                _step = Step.Capabilities;
                break;
            case Step.Capabilities when IsDemandActive(frame):
                show(frame);
                _step = Step.FontMap;
                break;
            case Step.FontMap when IsOnInputOutput(frame):
                show(frame);
                if (FontMap.Is(frame))
                    _step = Step.Picture;
                break;
            case Step.Picture when RdpFrame.IsFastPath(frame[0]) || IsOnInputOutput(frame) || IsEnd(frame):
                show(frame);
                break;
            default:
                break;
        }
    }

    // T.125, 7: result 0, then the user's number from 1001 on, which is there (the 2 in the first byte).
    private static bool TryReadUser(ReadOnlySpan<byte> frame, out ushort user)
    {
        user = 0;
        if (!McsFrame.TryReadData(frame, out var pdu) || pdu.Length < 4 || pdu[0] != (McsFrame.AttachUserConfirm | 2) || pdu[1] != 0)
            return false;
        user = BinaryPrimitives.ReadUInt16BigEndian(pdu[2..]);
        return user <= ushort.MaxValue - FirstUser;
    }

    private static byte[] Joined(ushort user, ushort channel)
    {
        byte[] frame = [0x03, 0x00, 0x00, 0x0F, 0x02, 0xF0, 0x80, 0x3E, 0x00, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(9), user);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(11), channel);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(13), channel);
        return frame;
    }

    // 2.2.1.12.1.3: STATUS_VALID_CLIENT, ST_NO_TRANSITION, an empty blob of BB_ERROR_BLOB.
    private static byte[] NoLicenceNeeded(ushort user)
    {
        byte[] frame =
        [
            0x03, 0x00, 0x00, 0x22, 0x02, 0xF0, 0x80, McsFrame.SendDataIndication, 0, 0, 0x03, 0xEB, 0x70, 0x14,
            0x80, 0x00, 0x00, 0x00, 0xFF, 0x03, 0x10, 0x00, 0x07, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(8), user);
        return frame;
    }

    private static bool IsDemandActive(ReadOnlySpan<byte> frame) =>
        McsFrame.TryReadSent(frame, McsFrame.SendDataIndication, out var channel, out var content) && channel == InputOutput && content.Length > 6
        && (BinaryPrimitives.ReadUInt16LittleEndian(content[2..]) & ControlTypeMask) == DemandActive
        // A licence packet has its security flags where this has a length.
        && BinaryPrimitives.ReadUInt16LittleEndian(content) <= content.Length && BinaryPrimitives.ReadUInt16LittleEndian(content) > 16;

    private static bool IsOnInputOutput(ReadOnlySpan<byte> frame) =>
        McsFrame.TryReadSent(frame, McsFrame.SendDataIndication, out var channel, out _) && channel == InputOutput;

    private static bool IsEnd(ReadOnlySpan<byte> frame) =>
        McsFrame.TryReadData(frame, out var pdu) && McsFrame.Choice(pdu) == McsFrame.DisconnectProviderUltimatum;
}

/// <summary>Takes a frame that is to be shown, which stands only for the time of the call.</summary>
public delegate void ShowFrame(ReadOnlySpan<byte> frame);
