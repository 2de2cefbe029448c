using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>Flags of TS_INFO_PACKET that the gateway reads or sets ([MS-RDPBCGR] 2.2.1.11.1.1).</summary>
[Flags]
public enum ClientInfoFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>INFO_AUTOLOGON: sign in with the credentials given, without asking. xrdp ignores them otherwise.</summary>
    AutoLogon = 0x8,

    /// <summary>INFO_UNICODE: texts are UTF-16.</summary>
    Unicode = 0x10,

    /// <summary>INFO_COMPRESSION: the server may compress what it sends ([MS-RDPBCGR] 3.1.8).</summary>
    Compression = 0x80,

    /// <summary>INFO_RAIL: show one program's windows instead of a desktop.</summary>
    RemoteApp = 0x8000,

    /// <summary>INFO_PASSWORD_IS_SC_PIN: the password unlocks a smart card.</summary>
    PasswordIsPin = 0x40000,
}

/// <summary>The Client Info PDU ([MS-RDPBCGR] 2.2.1.11): who signs in and how, the last thing the gateway edits.</summary>
public sealed class ClientInfo
{
    /// <summary>The channel it must come on. 2.2.1.4.4 lets a server choose; Windows, xrdp and FreeRDP all use 1003.</summary>
    public const ushort InputOutputChannel = 1003;

    private const int ChannelOffset = McsFrame.HeaderLength + 3;
    private const int LengthOffset = McsFrame.HeaderLength + 6;
    private const byte WholeAtHighPriority = 0x70;
    private const int SecurityHeaderLength = 4;
    private const ushort InfoPacket = 0x0040;
    private const ushort Encrypted = 0x0008;
    private const int FixedLength = 18;
    private const int MaxText = 512;

    private readonly byte[] _mcsHeader = new byte[5];
    private readonly byte[] _securityHeader = new byte[SecurityHeaderLength];

    private ClientInfo() { }

    /// <summary>Code page or, with <see cref="ClientInfoFlags.Unicode"/>, input locale.</summary>
    public uint CodePage { get; private init; }

    /// <summary>All flags, known and unknown.</summary>
    public ClientInfoFlags Flags { get; private init; }

    /// <summary>Domain, as the client sent it.</summary>
    public string Domain { get; private init; } = "";

    /// <summary>User name, as the client sent it.</summary>
    public string UserName { get; private init; } = "";

    /// <summary>Password, as the client sent it.</summary>
    public string Password { get; private init; } = "";

    /// <summary>Program to start instead of the desktop.</summary>
    public string AlternateShell { get; private init; } = "";

    /// <summary>Folder to start it in.</summary>
    public string WorkingFolder { get; private init; } = "";

    /// <summary>TS_EXTENDED_INFO_PACKET: time zone, performance flags, reconnection cookie. Kept as it is.</summary>
    public ReadOnlyMemory<byte> Extra { get; private init; }

    /// <summary>Reads a whole frame, TPKT header included.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out ClientInfo? info)
    {
        info = null;
        if (!TryReadUserData(frame, out var rest) || rest.Length < SecurityHeaderLength + FixedLength)
            return false;
        var security = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if ((security & InfoPacket) == 0 || (security & Encrypted) != 0)
            return false;

        var packet = rest[SecurityHeaderLength..];
        var flags = (ClientInfoFlags)BinaryPrimitives.ReadUInt32LittleEndian(packet[4..]);
        var unicode = flags.HasFlag(ClientInfoFlags.Unicode);
        var texts = new string[5];
        var at = FixedLength;
        for (var i = 0; i < texts.Length; i++)
        {
            if (!TryReadText(packet, 8 + (2 * i), unicode, ref at, out texts[i]))
                return false;
        }

        info = new ClientInfo
        {
            CodePage = BinaryPrimitives.ReadUInt32LittleEndian(packet),
            Flags = flags,
            Domain = texts[0],
            UserName = texts[1],
            Password = texts[2],
            AlternateShell = texts[3],
            WorkingFolder = texts[4],
            Extra = packet[at..].ToArray(),
        };
        frame.Slice(McsFrame.HeaderLength + 1, info._mcsHeader.Length).CopyTo(info._mcsHeader);
        rest[..SecurityHeaderLength].CopyTo(info._securityHeader);
        return true;
    }

    /// <summary>
    /// The same PDU with these credentials and a sign-in that asks nothing. Program and folder are emptied: what runs is the desktop's
    /// business, not the client's. Null credentials leave the client's own.
    /// </summary>
    /// <param name="uncompressed">Whether the server may not compress in bulk.</param>
    public ClientInfo With(RdpCredentials? credentials, bool uncompressed = false)
    {
        var dropped = ClientInfoFlags.RemoteApp
            | (credentials is null ? ClientInfoFlags.None : ClientInfoFlags.PasswordIsPin)
            | (uncompressed ? ClientInfoFlags.Compression : ClientInfoFlags.None);
        var set = ClientInfoFlags.Unicode | (credentials is null ? ClientInfoFlags.None : ClientInfoFlags.AutoLogon);
        var changed = new ClientInfo
        {
            CodePage = CodePage,
            Flags = (Flags & ~dropped) | set,
            Domain = credentials?.Domain ?? Domain,
            UserName = credentials?.UserName ?? UserName,
            Password = credentials?.Password ?? Password,
            Extra = Extra,
        };
        _mcsHeader.CopyTo(changed._mcsHeader, 0);
        _securityHeader.CopyTo(changed._securityHeader, 0);
        return changed;
    }

    /// <summary>Writes the whole frame, with all its lengths made anew. Texts are UTF-16 whatever the client used.</summary>
    /// <returns>False when it would not fit, which takes over 16 KB of <see cref="Extra"/>; nothing is written then.</returns>
    public bool TryWrite(IBufferWriter<byte> output)
    {
        string[] texts = [Domain, UserName, Password, AlternateShell, WorkingFolder];
        var length = SecurityHeaderLength + FixedLength + Extra.Length;
        foreach (var text in texts)
            length += Encoding.Unicode.GetByteCount(text) + 2;
        if (length > Per.MaxLength)
            return false;

        var lengthBytes = Per.LengthOf(length);
        var total = LengthOffset + lengthBytes + length;
        var frame = output.GetSpan(total)[..total];
        frame.Clear();
        Tpkt.WriteHeader(frame, total);
        frame[4] = 0x02;
        frame[5] = 0xF0;
        frame[6] = 0x80;
        frame[McsFrame.HeaderLength] = McsFrame.SendDataRequest;
        _mcsHeader.CopyTo(frame[(McsFrame.HeaderLength + 1)..]);
        Per.WriteLength(frame[LengthOffset..], length);

        var rest = frame[(LengthOffset + lengthBytes)..];
        _securityHeader.CopyTo(rest);
        var packet = rest[SecurityHeaderLength..];
        BinaryPrimitives.WriteUInt32LittleEndian(packet, CodePage);
        BinaryPrimitives.WriteUInt32LittleEndian(packet[4..], (uint)(Flags | ClientInfoFlags.Unicode));
        var at = FixedLength;
        for (var i = 0; i < texts.Length; i++)
        {
            var written = Encoding.Unicode.GetBytes(texts[i], packet[at..]);
            BinaryPrimitives.WriteUInt16LittleEndian(packet[(8 + (2 * i))..], (ushort)written);
            at += written + 2;
        }

        Extra.Span.CopyTo(packet[at..]);
        output.Advance(total);
        return true;
    }

    /// <summary>Names the kind only: the fields hold secrets.</summary>
    public override string ToString() => "Client Info";

    private static bool TryReadUserData(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> userData)
    {
        userData = default;
        if (frame.Length <= LengthOffset + 1 || !McsFrame.TryReadData(frame, out var pdu) || pdu[0] != McsFrame.SendDataRequest
            || BinaryPrimitives.ReadUInt16BigEndian(frame[ChannelOffset..]) != InputOutputChannel
            || frame[ChannelOffset + 2] != WholeAtHighPriority)
        {
            return false;
        }

        var rest = frame[LengthOffset..];
        if (!Per.TryReadLength(ref rest, out var length) || rest.Length != length)
            return false;
        userData = rest;
        return true;
    }

    // Lengths leave out the terminator, which is there all the same.
    private static bool TryReadText(ReadOnlySpan<byte> packet, int lengthOffset, bool unicode, ref int at, out string text)
    {
        text = "";
        var length = BinaryPrimitives.ReadUInt16LittleEndian(packet[lengthOffset..]);
        var unit = unicode ? 2 : 1;
        if (length % unit != 0 || length > MaxText || packet.Length - at < length + unit)
            return false;
        text = (unicode ? Encoding.Unicode : Encoding.Latin1).GetString(packet.Slice(at, length));
        at += length + unit;
        return true;
    }
}
