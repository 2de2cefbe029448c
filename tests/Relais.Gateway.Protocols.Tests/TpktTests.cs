using System.Buffers;
using CsCheck;
using Relais.Gateway.Protocols.CredSsp;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class TpktTests
{
    [Theory]
    [InlineData("", ReadResult.NeedMore)]
    [InlineData("03", ReadResult.NeedMore)]
    [InlineData("030000", ReadResult.NeedMore)]
    [InlineData("02", ReadResult.Malformed)]
    [InlineData("03000000", ReadResult.Malformed)]
    [InlineData("03000004", ReadResult.Malformed)]
    [InlineData("03000006", ReadResult.Malformed)]
    [InlineData("0300000702F0", ReadResult.NeedMore)]
    [InlineData("0300000702F080", ReadResult.Complete)]
    [InlineData("0300FFFF", ReadResult.NeedMore)]
    public void A_frame_is_judged_as_soon_as_its_bytes_allow(string hex, ReadResult expected)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(expected, Tpkt.TryRead(ref buffer, out _));
        Assert.Equal(expected == ReadResult.Complete, buffer.IsEmpty && hex.Length > 0);
    }

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_frames() =>
        Gen.Select(Gen.Byte.Array[3, 300].Array[1, 6], Gen.Int[0, 4000].Array[0, 12]).Sample((payloads, cuts) =>
        {
            var bytes = payloads.SelectMany(Frame).ToArray();
            var whole = Split.At(bytes, cuts);
            foreach (var payload in payloads)
            {
                Assert.Equal(ReadResult.Complete, Tpkt.TryRead(ref whole, out var read));
                Assert.Equal(payload, read.ToArray());
            }

            Assert.Equal(ReadResult.NeedMore, Tpkt.TryRead(ref whole, out _));
            Assert.True(whole.IsEmpty);
        });

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 64], Gen.Int[0, 64].Array[0, 5]).Sample((bytes, cuts) =>
        {
            var buffer = Split.At(bytes, cuts);
            Tpkt.TryRead(ref buffer, out _);
            buffer = Split.At(bytes, cuts);
            TsRequestFrame.TryRead(ref buffer, 1000, out _);
            X224Request.TryRead(bytes, out _);
            X224Confirm.TryRead(bytes, out _);
        });

    private static byte[] Frame(byte[] payload)
    {
        var frame = new byte[Tpkt.HeaderLength + payload.Length];
        Tpkt.WriteHeader(frame, frame.Length);
        payload.CopyTo(frame, Tpkt.HeaderLength);
        return frame;
    }
}
