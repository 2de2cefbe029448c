using System.Buffers;
using System.Buffers.Binary;
using CsCheck;
using Relais.Gateway.Protocols.Tsgu;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class TsguFrameTests
{
    [Theory]
    [InlineData("", ReadResult.NeedMore)]
    [InlineData("0D000000080000", ReadResult.NeedMore)]
    [InlineData("0D00000008000000", ReadResult.Complete)]
    [InlineData("0D00FFFF08000000", ReadResult.Complete)] // reserved bytes are ignored
    [InlineData("0D00000007000000", ReadResult.Malformed)]
    [InlineData("0D00000000000000", ReadResult.Malformed)]
    [InlineData("0100000000400000", ReadResult.NeedMore)] // 16 KiB, the longest control packet
    [InlineData("0100000001400000", ReadResult.Malformed)]
    [InlineData("01000000FFFFFFFF", ReadResult.Malformed)]
    [InlineData("0A00000008000000", ReadResult.Malformed)] // data without a length
    [InlineData("0A0000000A0000000000", ReadResult.Complete)]
    [InlineData("0A0000000C0000000200AB", ReadResult.NeedMore)]
    [InlineData("0A0000000C0000000200ABCD", ReadResult.Complete)]
    [InlineData("0A0000000C0000000100", ReadResult.Malformed)] // two lengths that disagree
    [InlineData("0A0000000C0000000300", ReadResult.Malformed)]
    [InlineData("0A00000009000100FFFF", ReadResult.NeedMore)]
    [InlineData("0A00000009000100", ReadResult.NeedMore)] // the longest data packet
    [InlineData("0A0000000A000100", ReadResult.Malformed)]
    public void A_packet_is_judged_as_soon_as_its_bytes_allow(string hex, ReadResult expected)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(expected, TsguFrame.TryRead(ref buffer, out _, out _));
        Assert.Equal(expected == ReadResult.Complete, buffer.IsEmpty && hex.Length > 0);
    }

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_packets() =>
        Gen.Select(Gen.Byte.Array[0, 300].Array[1, 6], Gen.Int[0, 4000].Array[0, 12]).Sample((payloads, cuts) =>
        {
            var bytes = payloads.SelectMany((payload, i) => i % 2 == 0 ? Data(payload) : Control(payload)).ToArray();
            var buffer = Split.At(bytes, cuts);
            for (var i = 0; i < payloads.Length; i++)
            {
                Assert.Equal(ReadResult.Complete, TsguFrame.TryRead(ref buffer, out var type, out var body));
                Assert.Equal(i % 2 == 0 ? TsguPacketType.Data : TsguPacketType.ServiceMessage, type);
                Assert.Equal(payloads[i], body.ToArray());
            }

            Assert.True(buffer.IsEmpty);
        });

    [Fact]
    public void Every_start_of_a_packet_asks_for_more()
    {
        var packet = Data(new byte[40]);
        for (var length = 0; length < packet.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(packet, 0, length);
            Assert.Equal(ReadResult.NeedMore, TsguFrame.TryRead(ref buffer, out _, out _));
        }
    }

    [Fact]
    public void The_start_of_a_data_packet_is_known_before_its_payload_is_here()
    {
        var buffer = new ReadOnlySequence<byte>(Data(new byte[TsguFrame.MaxData]), 0, 12);
        Assert.Equal(ReadResult.Complete, TsguFrame.TryReadDataStart(ref buffer, out var length));
        Assert.Equal((TsguFrame.MaxData, 2L), (length, buffer.Length));
    }

    [Fact]
    public void Another_packet_is_no_start_of_data()
    {
        var buffer = new ReadOnlySequence<byte>(TsguFrame.WriteEmpty(TsguPacketType.KeepAlive));
        Assert.Equal(ReadResult.Malformed, TsguFrame.TryReadDataStart(ref buffer, out _));
        Assert.Equal(TsguFrame.HeaderLength, buffer.Length);
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[0, 80].Array[0, 5], Gen.Byte[0, 18]).Sample((bytes, cuts, type) =>
        {
            byte[] framed = [type, 0, 0, 0, (byte)(bytes.Length + 8), 0, 0, 0, .. bytes];
            foreach (var candidate in new[] { bytes, framed })
            {
                var buffer = Split.At(candidate, cuts);
                TsguFrame.TryRead(ref buffer, out _, out _);
                buffer = Split.At(candidate, cuts);
                TsguFrame.TryReadDataStart(ref buffer, out _);
            }

            TsguHandshakeRequest.TryRead(bytes, out _);
            TsguHandshakeResponse.TryRead(bytes, out _);
            TsguTunnelCreate.TryRead(bytes, out _);
            TsguTunnelResponse.TryRead(bytes, out _);
            TsguTunnelAuthorize.TryRead(bytes, out _);
            TsguTunnelAuthorizeResponse.TryRead(bytes, out _);
            TsguChannelCreate.TryRead(bytes, out _);
            TsguChannelResponse.TryRead(bytes, out _);
            TsguClose.TryRead(bytes, out _);
            TsguServiceMessage.TryRead(bytes, out _);
        });

    private static byte[] Data(byte[] payload)
    {
        var packet = new byte[TsguFrame.DataHeaderLength + payload.Length];
        TsguFrame.WriteDataHeader(packet, payload.Length);
        payload.CopyTo(packet, TsguFrame.DataHeaderLength);
        return packet;
    }

    private static byte[] Control(byte[] payload)
    {
        var packet = new byte[TsguFrame.HeaderLength + payload.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(packet, (ushort)TsguPacketType.ServiceMessage);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(4), packet.Length);
        payload.CopyTo(packet, TsguFrame.HeaderLength);
        return packet;
    }
}
