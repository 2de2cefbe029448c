using System.Buffers;
using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Tsgu;

/// <summary>
/// HTTP_PACKET_HEADER ([MS-TSGU] 2.2.10.9), little-endian: type, two reserved bytes, a length that counts the eight bytes of the header.
/// </summary>
public static class TsguFrame
{
    /// <summary>Bytes before the body.</summary>
    public const int HeaderLength = 8;

    /// <summary>Bytes before the payload of a data packet: the header and the payload's own length.</summary>
    public const int DataHeaderLength = HeaderLength + sizeof(ushort);

    /// <summary>The longest payload that a data packet can announce.</summary>
    public const int MaxData = ushort.MaxValue;

    /// <summary>The longest of all other packets accepted. Cookies and statements of health may be a few kilobytes long.</summary>
    public const int ControlLimit = 16 * 1024;

    /// <summary>Says what comes next, without taking it off.</summary>
    /// <param name="buffer">Bytes received so far.</param>
    /// <param name="type">Known or not, once the header is there.</param>
    /// <param name="length">Of the whole packet.</param>
    public static ReadResult TryPeek(in ReadOnlySequence<byte> buffer, out TsguPacketType type, out int length)
    {
        (type, length) = (TsguPacketType.None, 0);
        if (buffer.Length < HeaderLength)
            return ReadResult.NeedMore;

        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        var announced = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var kind = (TsguPacketType)BinaryPrimitives.ReadUInt16LittleEndian(header);
        var limit = kind == TsguPacketType.Data ? DataHeaderLength + MaxData : ControlLimit;
        if (announced < HeaderLength || announced > limit || (kind == TsguPacketType.Data && announced < DataHeaderLength))
            return ReadResult.Malformed;
        (type, length) = (kind, (int)announced);
        return ReadResult.Complete;
    }

    /// <summary>Takes one packet off the front of <paramref name="buffer"/>. Of a data packet, the body is the payload alone.</summary>
    /// <param name="buffer">Bytes received so far; advanced only on <see cref="ReadResult.Complete"/>.</param>
    /// <param name="type">Known or not.</param>
    /// <param name="body">A slice of the buffer, not a copy.</param>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out TsguPacketType type, out ReadOnlySequence<byte> body)
    {
        body = default;
        var result = TryPeek(buffer, out type, out var length);
        if (result != ReadResult.Complete)
            return result;
        var start = HeaderLength;
        if (type == TsguPacketType.Data)
        {
            var rest = buffer;
            var begun = TryReadDataStart(ref rest, out _);
            if (begun != ReadResult.Complete)
                return begun;
            start = DataHeaderLength;
        }

        if (buffer.Length < length)
            return ReadResult.NeedMore;
        body = buffer.Slice(start, length - start);
        buffer = buffer.Slice(length);
        return ReadResult.Complete;
    }

    /// <summary>Takes the start of a data packet off the front, so that its payload may be carried on without being held whole.</summary>
    /// <param name="buffer">Bytes received so far; advanced to the payload only on <see cref="ReadResult.Complete"/>.</param>
    /// <param name="length">Of the payload.</param>
    /// <returns><see cref="ReadResult.Malformed"/> also when another packet comes next.</returns>
    public static ReadResult TryReadDataStart(ref ReadOnlySequence<byte> buffer, out int length)
    {
        length = 0;
        var result = TryPeek(buffer, out var type, out var whole);
        if (result != ReadResult.Complete)
            return result;
        if (type != TsguPacketType.Data)
            return ReadResult.Malformed;
        if (buffer.Length < DataHeaderLength)
            return ReadResult.NeedMore;

        Span<byte> field = stackalloc byte[sizeof(ushort)];
        buffer.Slice(HeaderLength, field.Length).CopyTo(field);
        var announced = BinaryPrimitives.ReadUInt16LittleEndian(field);
        // Two lengths that disagree would let one reader see a packet where another sees payload.
        if (whole != DataHeaderLength + announced)
            return ReadResult.Malformed;
        length = announced;
        buffer = buffer.Slice(DataHeaderLength);
        return ReadResult.Complete;
    }

    /// <summary>Writes the header of a data packet for a payload of this many bytes.</summary>
    public static void WriteDataHeader(Span<byte> destination, int length)
    {
        WriteHeader(destination, TsguPacketType.Data, DataHeaderLength + length);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[HeaderLength..], checked((ushort)length));
    }

    /// <summary>A packet that is nothing but its header.</summary>
    public static byte[] WriteEmpty(TsguPacketType type)
    {
        var packet = new byte[HeaderLength];
        WriteHeader(packet, type, packet.Length);
        return packet;
    }

    internal static void WriteHeader(Span<byte> destination, TsguPacketType type, int length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], length);
    }
}
