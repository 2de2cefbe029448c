using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Relais.Gateway.Protocols.Tsgu;

/// <summary>Reads a packet's fields in order. What is not there reads as false, and nothing throws.</summary>
internal ref struct TsguBody(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool TryByte(out byte value)
    {
        value = 0;
        if (_rest.IsEmpty)
            return false;
        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16LittleEndian(_rest, out value))
            return false;
        _rest = _rest[sizeof(ushort)..];
        return true;
    }

    public bool TryUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(_rest, out value))
            return false;
        _rest = _rest[sizeof(uint)..];
        return true;
    }

    public bool TrySkip(int length)
    {
        if (_rest.Length < length)
            return false;
        _rest = _rest[length..];
        return true;
    }

    // HTTP_UNICODE_STRING and HTTP_BYTE_BLOB (2.2.10.16, 2.2.10.22): a length in bytes, then UTF-16 with or without its terminator.
    public bool TryText(out string text)
    {
        text = "";
        if (!TryUInt16(out var length) || length % 2 != 0 || _rest.Length < length)
            return false;
        text = Encoding.Unicode.GetString(_rest[..length]);
        _rest = _rest[length..];
        // Texts end at their terminator: a second one hidden behind it would be read by one program and not by another.
        var end = text.IndexOf('\0', StringComparison.Ordinal);
        if (end >= 0 && end != text.Length - 1)
            return false;
        text = end < 0 ? text : text[..end];
        return true;
    }
}

/// <summary>Writes a packet's fields in order.</summary>
internal sealed class TsguPacketWriter(TsguPacketType type)
{
    private readonly ArrayBufferWriter<byte> _body = new(64);

    public TsguPacketWriter Byte(byte value)
    {
        _body.Write([value]);
        return this;
    }

    public TsguPacketWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_body.GetSpan(sizeof(ushort)), value);
        _body.Advance(sizeof(ushort));
        return this;
    }

    public TsguPacketWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_body.GetSpan(sizeof(uint)), value);
        _body.Advance(sizeof(uint));
        return this;
    }

    public TsguPacketWriter Text(string text)
    {
        var bytes = Encoding.Unicode.GetBytes(text + '\0');
        UInt16(checked((ushort)bytes.Length));
        _body.Write(bytes);
        return this;
    }

    public byte[] ToPacket()
    {
        var packet = new byte[TsguFrame.HeaderLength + _body.WrittenCount];
        TsguFrame.WriteHeader(packet, type, packet.Length);
        _body.WrittenSpan.CopyTo(packet.AsSpan(TsguFrame.HeaderLength));
        return packet;
    }
}
