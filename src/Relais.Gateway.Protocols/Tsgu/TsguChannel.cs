using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Tsgu;

/// <summary>HTTP_CHANNEL_PACKET ([MS-TSGU] 2.2.10.2): asks for a connection to one of the named targets.</summary>
/// <param name="Names">As the client wrote them, at least one, the alternatives last.</param>
/// <param name="Port">As the client wrote it.</param>
public sealed record TsguChannelCreate(IReadOnlyList<string> Names, ushort Port)
{
    // [MS-TSGU] 2.2.10.2: up to 50 names and 3 alternatives; clients send one.
    private const int MaxNames = 53;
    private const ushort Rdp = 3;

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguChannelCreate? packet)
    {
        packet = null;
        var fields = new TsguBody(body);
        if (!fields.TryByte(out var names) || !fields.TryByte(out var alternatives) || !fields.TryUInt16(out var port) || !fields.TryUInt16(out var protocol)
            || names == 0 || names + alternatives > MaxNames || protocol != Rdp)
        {
            return false;
        }

        var read = new string[names + alternatives];
        for (var i = 0; i < read.Length; i++)
        {
            if (!fields.TryText(out read[i]))
                return false;
        }

        packet = new TsguChannelCreate(read, port);
        return true;
    }

    /// <summary>The whole packet.</summary>
    public byte[] Write()
    {
        var packet = new TsguPacketWriter(TsguPacketType.ChannelCreate).Byte(checked((byte)Names.Count)).Byte(0).UInt16(Port).UInt16(Rdp);
        foreach (var name in Names)
            packet.Text(name);
        return packet.ToPacket();
    }
}

/// <summary>HTTP_CHANNEL_RESPONSE ([MS-TSGU] 2.2.10.4), with the channel's number when there is one. No UDP side transport is offered.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguChannelResponse(TsguCode Code, uint Channel = 0)
{
    private const ushort HasChannel = 1;

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguChannelResponse response)
    {
        response = default;
        var fields = new TsguBody(body);
        if (!fields.TryUInt32(out var code) || !fields.TryUInt16(out var present) || !fields.TryUInt16(out _))
            return false;
        uint channel = 0;
        if ((present & HasChannel) != 0 && !fields.TryUInt32(out channel))
            return false;
        response = new TsguChannelResponse((TsguCode)code, channel);
        return true;
    }

    /// <summary>The whole packet; a refusal is its code alone.</summary>
    public byte[] Write()
    {
        var packet = new TsguPacketWriter(TsguPacketType.ChannelResponse).UInt32((uint)Code);
        return Code == TsguCode.Ok
            ? packet.UInt16(HasChannel).UInt16(0).UInt32(Channel).ToPacket()
            : packet.UInt16(0).UInt16(0).ToPacket();
    }
}

/// <summary>HTTP_CLOSE_PACKET ([MS-TSGU] 2.2.10.5), also as its own answer.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguClose(TsguCode Code)
{
    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguClose close)
    {
        var read = new TsguBody(body).TryUInt32(out var code);
        close = new TsguClose((TsguCode)code);
        return read;
    }

    /// <summary>The whole packet, to end the channel or to answer that.</summary>
    public byte[] Write(bool answers = false) =>
        new TsguPacketWriter(answers ? TsguPacketType.CloseChannelResponse : TsguPacketType.CloseChannel).UInt32((uint)Code).ToPacket();
}

/// <summary>HTTP_SERVICE_MESSAGE ([MS-TSGU] 2.2.10.13): words for the person.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguServiceMessage(string Text)
{
    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguServiceMessage message)
    {
        var read = new TsguBody(body).TryText(out var text);
        message = new TsguServiceMessage(text);
        return read;
    }

    /// <summary>The whole packet.</summary>
    public byte[] Write() => new TsguPacketWriter(TsguPacketType.ServiceMessage).Text(Text).ToPacket();
}
