using System.Buffers;
using CsCheck;
using Relais.Gateway.Protocols.CredSsp;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class TsRequestTests
{
    private const int Limit = TsRequestReader.Limit;

    private static readonly byte[] Nonce = [.. Enumerable.Range(0, TsRequest.NonceLength).Select(i => (byte)i)];

    [Fact]
    public void A_first_message_written_by_hand_is_read()
    {
        var bytes = Convert.FromHexString("3012" + "A003020106" + "A10B3009" + "3007A005" + "04034E544C");
        var request = Whole(bytes);
        Assert.Equal(6, request.Version);
        Assert.Equal("NTL"u8.ToArray(), request.NegoToken?.ToArray());
        Assert.Equal(bytes, TsRequestWriter.Write(request));
    }

    [Fact]
    public void Every_field_survives_writing_and_reading()
    {
        var read = Whole(TsRequestWriter.Write(new TsRequest
        {
            Version = 5,
            NegoToken = new byte[300],
            AuthInfo = new byte[] { 1 },
            PublicKeyAuth = new byte[] { 2, 3 },
            ErrorCode = 0xC000006D,
            ClientNonce = Nonce,
        }));
        Assert.Equal((5, 300, 0xC000006Du), (read.Version, read.NegoToken?.Length, read.ErrorCode));
        Assert.Equal([1], read.AuthInfo?.ToArray());
        Assert.Equal([2, 3], read.PublicKeyAuth?.ToArray());
        Assert.Equal(Nonce, read.ClientNonce?.ToArray());
    }

    [Theory]
    [InlineData("300DA003020106A4060204C000006D", 0xC000006D)] // the negative number that it is
    [InlineData("300EA003020106A407020500C000006D", 0xC000006D)] // a positive one
    [InlineData("300AA003020106A403020105", 5)]
    public void A_status_is_read_whatever_its_sign(string hex, uint expected) =>
        Assert.Equal(expected, Whole(Convert.FromHexString(hex)).ErrorCode);

    [Theory]
    [InlineData("03000013", TsRequestFault.BadFrame)] // TPKT
    [InlineData("3080", TsRequestFault.BadFrame)] // indefinite
    [InlineData("3084FFFFFFFF", TsRequestFault.BadFrame)]
    [InlineData("30824000", TsRequestFault.BadFrame)] // longer than the limit, as soon as the length is known
    [InlineData("308105A003020106", TsRequestFault.BadField)] // not minimal
    [InlineData("3000", TsRequestFault.NoVersion)]
    [InlineData("3003020106", TsRequestFault.UnexpectedField)] // not context-tagged
    [InlineData("300AA003020106A003020106", TsRequestFault.UnexpectedField)] // twice
    [InlineData("300AA003020106A603020106", TsRequestFault.UnexpectedField)] // [6]
    [InlineData("3005A0030201FF", TsRequestFault.BadField)] // version -1
    [InlineData("300AA003020106A203020101", TsRequestFault.BadField)] // a number where octets belong
    [InlineData("3009A003020106A1023000", TsRequestFault.BadField)] // no token
    [InlineData("3015A003020106A10E300C3004A00204003004A0020400", TsRequestFault.BadField)]
    [InlineData("300AA003020106A503040101", TsRequestFault.BadField)] // a nonce of one byte
    [InlineData("300FA003020106A40802060100000000" + "00", TsRequestFault.BadField)] // a status of six bytes
    public void What_is_wrong_is_said(string hex, TsRequestFault expected)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(ReadResult.Malformed, TsRequestReader.TryRead(ref buffer, Limit, out var request, out var fault));
        Assert.Equal(expected, fault);
        Assert.Null(request);
    }

    [Fact]
    public void Every_start_of_a_message_asks_for_more()
    {
        var bytes = TsRequestWriter.Write(new TsRequest { NegoToken = new byte[200], ClientNonce = Nonce });
        for (var length = 0; length < bytes.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Equal(ReadResult.NeedMore, TsRequestReader.TryRead(ref buffer, Limit, out _, out _));
        }
    }

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_message_and_leaves_what_follows() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 40], Gen.Int[0, 1000].Array[0, 8]).Sample((token, after, cuts) =>
        {
            var bytes = TsRequestWriter.Write(new TsRequest { NegoToken = token, PublicKeyAuth = Nonce, ClientNonce = Nonce });
            var buffer = Split.At([.. bytes, .. after], cuts);
            Assert.Equal(ReadResult.Complete, TsRequestReader.TryRead(ref buffer, Limit, out var request, out _));
            Assert.Equal(token, request!.NegoToken?.ToArray());
            Assert.Equal(after, buffer.ToArray());
        });

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Byte.Array[0, 80].Sample(bytes =>
        {
            foreach (var candidate in new[] { bytes, [0x30, (byte)Math.Min(bytes.Length, 127), .. bytes] })
            {
                var buffer = new ReadOnlySequence<byte>(candidate);
                TsRequestReader.TryRead(ref buffer, Limit, out _, out _);
                TsCredentials.TryRead(candidate, out _);
            }
        });

    [Fact]
    public void A_changed_byte_never_throws()
    {
        byte[][] good =
        [
            TsRequestWriter.Write(new TsRequest { NegoToken = Nonce, AuthInfo = Nonce, PublicKeyAuth = Nonce, ErrorCode = 0xC000006D, ClientNonce = Nonce }),
            TsCredentials.Write(new RdpCredentials("anne", "secret", "INSTITUT")),
        ];
        Gen.Select(Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 10_000], Gen.Byte).Sample((i, a, j, b) =>
        {
            foreach (var bytes in good.Select(g => g.ToArray()))
            {
                (bytes[i % bytes.Length], bytes[j % bytes.Length]) = (a, b);
                var buffer = new ReadOnlySequence<byte>(bytes);
                TsRequestReader.TryRead(ref buffer, Limit, out _, out _);
                TsCredentials.TryRead(bytes, out _);
            }
        });
    }

    [Fact]
    public void A_password_does_not_show_when_the_message_is_printed() =>
        Assert.Equal("TSRequest", new TsRequest { AuthInfo = "secret"u8.ToArray() }.ToString());

    private static TsRequest Whole(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(ReadResult.Complete, TsRequestReader.TryRead(ref buffer, Limit, out var request, out var fault));
        Assert.Equal(TsRequestFault.None, fault);
        Assert.True(buffer.IsEmpty);
        return request!;
    }
}
