using CsCheck;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Protocols.Tests.Rtp;

public sealed class RtpPacketTests
{
    [Fact]
    public void What_is_written_is_read_again() =>
        Gen.Select(Gen.Bool, Gen.Byte[0, 127], Gen.UShort, Gen.UInt, Gen.UInt, Gen.Byte.Array[0, 320]).Sample((marker, type, sequence, timestamp, source, payload) =>
        {
            var bytes = new byte[400];
            var length = RtpPacket.Write(bytes, marker, type, sequence, timestamp, source, payload);
            Assert.True(RtpPacket.TryRead(bytes.AsSpan(0, length), out var packet));
            Assert.Equal((marker, type, sequence, timestamp, source), (packet.Marker, packet.PayloadType, packet.Sequence, packet.Timestamp, packet.Source));
            Assert.Equal(payload, packet.Payload.ToArray());
        });

    [Theory]
    // No extension, one contributor, an extension of one word, padding of four.
    [InlineData("80080001000000A0DEADBEEF0102", "0102")]
    [InlineData("81080001000000A0DEADBEEF111111110102", "0102")]
    [InlineData("90080001000000A0DEADBEEFBEDE0001AABBCCDD0102", "0102")]
    [InlineData("A0080001000000A0DEADBEEF010200000004", "0102")]
    public void Contributors_extension_and_padding_are_passed_over(string packet, string payload)
    {
        Assert.True(RtpPacket.TryRead(Convert.FromHexString(packet), out var read));
        Assert.Equal(payload, Convert.ToHexString(read.Payload));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80080001000000A0DEADBE")]
    [InlineData("40080001000000A0DEADBEEF")]
    [InlineData("8F080001000000A0DEADBEEF")]
    [InlineData("90080001000000A0DEADBEEFBEDE0002AABBCCDD")]
    [InlineData("A0080001000000A0DEADBEEF010200000044")]
    [InlineData("A0080001000000A0DEADBEEF0100")]
    public void What_does_not_add_up_is_no_packet(string bytes) => Assert.False(RtpPacket.TryRead(Convert.FromHexString(bytes), out _));

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Byte.Array[0, 64].Sample(bytes =>
        {
            RtpPacket.TryRead(bytes, out _);
            Rtcp.TryRead(bytes, out _);
            TelephoneEvent.TryRead(bytes, out _);
        });

    [Fact]
    public void A_key_is_read_as_it_was_written() =>
        Gen.Select(Gen.Byte, Gen.Bool, Gen.Byte[0, 63], Gen.UShort).Sample((key, end, volume, duration) =>
        {
            var (told, bytes) = (new TelephoneEvent(key, end, volume, duration), new byte[4]);
            told.Write(bytes);
            Assert.True(TelephoneEvent.TryRead(bytes, out var read));
            Assert.Equal(told, read);
        });

    [Fact]
    public void Keys_have_the_numbers_of_the_standard()
    {
        foreach (var (key, number) in "0123456789*#ABCD".Select((key, i) => (key, i)))
        {
            Assert.Equal((byte)number, TelephoneEvent.Of(key)!.Value);
            Assert.Equal(key, new TelephoneEvent((byte)number, false, 0, 0).Key);
        }

        Assert.Null(TelephoneEvent.Of('E'));
        Assert.Null(new TelephoneEvent(16, false, 0, 0).Key);
    }
}
