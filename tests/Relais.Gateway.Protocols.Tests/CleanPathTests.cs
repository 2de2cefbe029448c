using System.Buffers;
using CsCheck;
using Relais.Gateway.Protocols.CleanPath;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class CleanPathTests
{
    private const int Limit = CleanPathReader.RequestLimit;

    [Fact]
    public void A_request_written_by_hand_is_read()
    {
        var bytes = Convert.FromHexString("3016" + "A00402020D3E" + "A2030C0164" + "A3030C0174" + "A60404020300");
        var pdu = Whole(bytes);
        Assert.Equal(CleanPathPdu.CurrentVersion, pdu.Version);
        Assert.Equal("d", pdu.Destination);
        Assert.Equal("t", pdu.ProxyAuth);
        Assert.Equal([3, 0], pdu.X224?.ToArray());
        Assert.Equal(bytes, CleanPathWriter.Write(pdu));
    }

    [Fact]
    public void Every_field_survives_writing_and_reading()
    {
        var pdu = new CleanPathPdu
        {
            Error = new CleanPathError(CleanPathError.General, 403, 10061, 42),
            Destination = "bureau é",
            ProxyAuth = "jeton",
            ServerAuth = "x",
            PreconnectionBlob = "y",
            X224 = new byte[] { 1, 2 },
            Certificates = [new byte[300], new byte[] { 7 }],
            ServerAddress = "192.0.2.1:3389",
        };
        var read = Whole(CleanPathWriter.Write(pdu));
        Assert.Equal(pdu.Error, read.Error);
        Assert.Equal(pdu.Destination, read.Destination);
        Assert.Equal(pdu.ProxyAuth, read.ProxyAuth);
        Assert.Equal(pdu.ServerAuth, read.ServerAuth);
        Assert.Equal(pdu.PreconnectionBlob, read.PreconnectionBlob);
        Assert.Equal([1, 2], read.X224?.ToArray());
        Assert.Equal([300, 1], read.Certificates!.Select(c => c.Length));
        Assert.Equal(pdu.ServerAddress, read.ServerAddress);
    }

    [Fact]
    public void A_token_does_not_show_when_the_message_is_printed() =>
        Assert.DoesNotContain("jeton", new CleanPathPdu { ProxyAuth = "jeton" }.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("47455420", CleanPathFault.NotASequence)] // "GET "
    [InlineData("3080", CleanPathFault.BadLength)] // indefinite
    [InlineData("3085", CleanPathFault.BadLength)]
    [InlineData("30817F", CleanPathFault.BadLength)] // not minimal
    [InlineData("30820080", CleanPathFault.BadLength)]
    [InlineData("30824000", CleanPathFault.TooLong)]
    [InlineData("3084FFFFFFFF", CleanPathFault.TooLong)]
    [InlineData("3000", CleanPathFault.NoVersion)]
    [InlineData("3003020105", CleanPathFault.UnexpectedField)] // not context-tagged
    [InlineData("300CA00402020D3EA00402020D3E", CleanPathFault.UnexpectedField)] // twice
    [InlineData("300BA2030C0164A00402020D3E", CleanPathFault.UnexpectedField)] // out of order
    [InlineData("300AA00402020D3EA8020500", CleanPathFault.UnexpectedField)] // [8]
    [InlineData("300AA00402020D3EAA020500", CleanPathFault.UnexpectedField)] // [10]
    [InlineData("300BA00402020D3EA2030C01FF", CleanPathFault.BadField)] // not UTF-8
    [InlineData("300BA00402020D3EA203040164", CleanPathFault.BadField)] // octets where text belongs
    [InlineData("300DA00402020D3EA2050C01640500", CleanPathFault.BadField)] // something after the text
    [InlineData("3006A00404020D3E", CleanPathFault.BadField)]
    public void What_is_wrong_is_said(string hex, CleanPathFault expected)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(ReadResult.Malformed, CleanPathReader.TryRead(ref buffer, Limit, out var pdu, out var fault));
        Assert.Equal(expected, fault);
        Assert.Null(pdu);
    }

    [Fact]
    public void A_text_longer_than_any_token_is_refused()
    {
        var bytes = CleanPathWriter.Write(new CleanPathPdu { ProxyAuth = new string('t', CleanPathReader.TextLimit + 1) });
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(ReadResult.Malformed, CleanPathReader.TryRead(ref buffer, Limit, out _, out var fault));
        Assert.Equal(CleanPathFault.BadField, fault);
    }

    [Fact]
    public void Every_start_of_a_request_asks_for_more()
    {
        var bytes = CleanPathWriter.Write(new CleanPathPdu { Destination = "d", ProxyAuth = new string('t', 200), X224 = Capture.Request });
        for (var length = 0; length < bytes.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Equal(ReadResult.NeedMore, CleanPathReader.TryRead(ref buffer, Limit, out _, out _));
        }
    }

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_request_and_leaves_what_follows() =>
        Gen.Select(Gen.String[0, 100], Gen.Byte.Array[0, 40], Gen.Int[0, 1000].Array[0, 8]).Sample((token, after, cuts) =>
        {
            // CsCheck's strings may hold lone surrogates, which UTF-8 cannot.
            token = new string([.. token.Where(c => !char.IsSurrogate(c))]);
            var bytes = CleanPathWriter.Write(new CleanPathPdu { ProxyAuth = token, X224 = Capture.Request });
            var buffer = Split.At([.. bytes, .. after], cuts);
            Assert.Equal(ReadResult.Complete, CleanPathReader.TryRead(ref buffer, Limit, out var pdu, out _));
            Assert.Equal(token, pdu!.ProxyAuth);
            Assert.Equal(after, buffer.ToArray());
        });

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Byte.Array[0, 80].Sample(bytes =>
        {
            foreach (var candidate in new[] { bytes, [0x30, (byte)Math.Min(bytes.Length, 127), .. bytes] })
            {
                var buffer = new ReadOnlySequence<byte>(candidate);
                CleanPathReader.TryRead(ref buffer, Limit, out _, out _);
            }
        });

    [Fact]
    public void A_changed_byte_never_throws()
    {
        var good = CleanPathWriter.Write(CleanPathPdu.Answer(Capture.Confirm, [new byte[40]], "192.0.2.1:3389"));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length - 1], Gen.Byte).Sample((i, a, j, b) =>
        {
            var bytes = good.ToArray();
            (bytes[i], bytes[j]) = (a, b);
            var buffer = new ReadOnlySequence<byte>(bytes);
            CleanPathReader.TryRead(ref buffer, Limit, out _, out _);
        });
    }

    private static CleanPathPdu Whole(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(ReadResult.Complete, CleanPathReader.TryRead(ref buffer, Limit, out var pdu, out var fault));
        Assert.Equal(CleanPathFault.None, fault);
        Assert.True(buffer.IsEmpty);
        return pdu!;
    }
}
