using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Relais.Gateway.Protocols.Rfb;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class RfbTests
{
    private static readonly byte[] Challenge = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Theory]
    [InlineData("RFB 003.003\n", 3, 3, 3)]
    [InlineData("RFB 003.005\n", 3, 5, 3)]
    [InlineData("RFB 003.007\n", 3, 7, 7)]
    [InlineData("RFB 003.008\n", 3, 8, 8)]
    [InlineData("RFB 003.889\n", 3, 889, 8)]
    [InlineData("RFB 005.000\n", 5, 0, 8)]
    public void Versions_that_servers_say_are_taken_for_a_published_one(string said, int major, int minor, int spoken)
    {
        var buffer = Of(said);
        Assert.Equal(ReadResult.Complete, RfbVersion.TryRead(ref buffer, out var version));
        Assert.Equal(new RfbVersion(major, minor), version);
        Assert.Equal(spoken, version.Spoken.Minor);
        Assert.Equal(said, Encoding.ASCII.GetString(version.Write()));
    }

    [Theory]
    [InlineData("", ReadResult.NeedMore)]
    [InlineData("RFB 003.00", ReadResult.NeedMore)]
    [InlineData("SSH-", ReadResult.Malformed)]
    [InlineData("RFB 003.00x", ReadResult.Malformed)]
    [InlineData("RFB 003.008\r", ReadResult.Malformed)]
    public void What_is_no_version_is_said_at_its_first_wrong_byte(string said, ReadResult expected)
    {
        var buffer = Of(said);
        Assert.Equal(expected, RfbVersion.TryRead(ref buffer, out _));
    }

    [Theory]
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "RFC 6143 knows no other.")]
    [InlineData("motdepas")]
    [InlineData("plus long que huit")]
    [InlineData("été")]
    public void A_response_can_be_undone_with_the_password(string password)
    {
        var key = new byte[8];
        Encoding.Latin1.GetBytes(password)[..Math.Min(8, password.Length)].CopyTo(key, 0);
        using var des = DES.Create();
        des.Key = [.. key.Select(Reversed)];
        Assert.Equal(Challenge, des.DecryptEcb(VncChallenge.Respond(password, Challenge), PaddingMode.None));
    }

    // DES with the key 0: NBS Special Publication 500-20, and every "weak key" table.
    [Fact]
    public void A_weak_key_is_used_as_any_other()
    {
        var response = VncChallenge.Respond("", new byte[16]);
        Assert.Equal("8CA64DE9C1B123A7", Convert.ToHexString(response.AsSpan(0, 8)));
        Assert.Equal(response[..8], response[8..]);
    }

    [Fact]
    public void The_detour_around_weak_keys_gives_what_the_straight_way_gives() => Gen.Char['!', '~'].Array[8].Sample(letters =>
    {
        // A weak key encrypts twice to nothing.
        var twice = VncChallenge.Respond("", VncChallenge.Respond("", Challenge));
        Assert.Equal(Challenge, twice);
        Assert.NotEqual(Challenge, VncChallenge.Respond(new string(letters), Challenge));
    }, iter: 20);

    public static TheoryData<string, string, string, RfbSignInFault> Servers => new()
    {
        // What the server sends after its version, what is answered to that, and what comes of it.
        { "RFB 003.003\n", "00000001", "", RfbSignInFault.None },
        { "RFB 003.003\n", "00000002 000102030405060708090A0B0C0D0E0F 00000000", "R", RfbSignInFault.None },
        { "RFB 003.003\n", "00000002 000102030405060708090A0B0C0D0E0F 00000001", "R", RfbSignInFault.PasswordRefused },
        { "RFB 003.003\n", "00000000 00000003 6E6F6E", "", RfbSignInFault.Refused },
        { "RFB 003.007\n", "0101", "01", RfbSignInFault.None },
        { "RFB 003.007\n", "020102 000102030405060708090A0B0C0D0E0F 00000002", "02R", RfbSignInFault.TooManyAttempts },
        { "RFB 003.008\n", "0101 00000000", "01", RfbSignInFault.None },
        { "RFB 003.008\n", "021302 000102030405060708090A0B0C0D0E0F 00000000", "02R", RfbSignInFault.None },
        { "RFB 003.008\n", "0102 000102030405060708090A0B0C0D0E0F 00000001 00000003 6E6F6E", "02R", RfbSignInFault.PasswordRefused },
        { "RFB 003.008\n", "00 00000011 546F6F206D616E7920617474656D707473", "", RfbSignInFault.TooManyAttempts },
        { "RFB 003.008\n", "0113", "", RfbSignInFault.SecurityUnknown },
        { "RFB 003.008\n", "0102 000102030405060708090A0B0C0D0E0F 00000001 00100000", "02R", RfbSignInFault.NotRfb },
        { "RFB 003.008\n", "0101 00000009", "01", RfbSignInFault.NotRfb },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public void Any_split_of_what_a_server_sends_gives_the_same_answers(string version, string sent, string answers, RfbSignInFault fault)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(version), .. Convert.FromHexString(sent.Replace(" ", "", StringComparison.Ordinal))];
        var response = Convert.ToHexString(VncChallenge.Respond("motdepas", Challenge));
        byte[] expected = [.. Encoding.ASCII.GetBytes(version), .. Convert.FromHexString(answers.Replace("R", response, StringComparison.Ordinal))];
        Gen.Int[1, bytes.Length].Sample(step =>
        {
            var signIn = new RfbSignIn("motdepas");
            var output = new ArrayBufferWriter<byte>();
            var (from, until, result) = (0, 0, ReadResult.NeedMore);
            while (result == ReadResult.NeedMore && until < bytes.Length)
            {
                until = Math.Min(until + step, bytes.Length);
                var input = Split.At(bytes[from..until], step / 2);
                var before = input.Length;
                result = signIn.Advance(ref input, output);
                from += (int)(before - input.Length);
            }

            Assert.Equal(fault == RfbSignInFault.None ? ReadResult.Complete : ReadResult.Malformed, result);
            Assert.Equal(fault, signIn.Fault);
            Assert.Equal(expected, output.WrittenSpan.ToArray());
        }, iter: 30);
    }

    [Fact]
    public void A_server_that_wants_a_password_gets_none_where_there_is_none()
    {
        var signIn = new RfbSignIn("");
        var input = new ReadOnlySequence<byte>([.. "RFB 003.008\n"u8, 1, 2]);
        Assert.Equal(ReadResult.Malformed, signIn.Advance(ref input, new ArrayBufferWriter<byte>()));
        Assert.Equal(RfbSignInFault.PasswordMissing, signIn.Fault);
    }

    [Theory]
    [InlineData("00", 20)]
    [InlineData("02000003", 16)]
    [InlineData("03", 10)]
    [InlineData("04", 8)]
    [InlineData("0500", 6)]
    [InlineData("0580", 7)]
    [InlineData("0600000000000005", 13)]
    [InlineData("06000000FFFFFFF0", 24)]
    [InlineData("0600000080000000", 2147483656)]
    [InlineData("96", 10)]
    [InlineData("F8000000000000010A", 19)]
    [InlineData("FB000000000002", 40)]
    [InlineData("FF00", 12)]
    public void A_clients_message_has_a_known_length(string header, long length)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(header));
        Assert.Equal(ReadResult.Complete, RfbClientMessage.TryMeasure(buffer, out _, out var measured));
        Assert.Equal(length, measured);
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() => Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[0, 80].Array[0, 5], Gen.Bool).Sample((bytes, cuts, begins) =>
    {
        byte[] sent = begins ? [.. "RFB 003.008\n"u8, .. bytes] : bytes;
        var input = Split.At(sent, cuts);
        new RfbSignIn("secret").Advance(ref input, new ArrayBufferWriter<byte>());
        RfbClientMessage.TryMeasure(Split.At(bytes, cuts), out _, out _);
    });

    private static ReadOnlySequence<byte> Of(string text) => new(Encoding.ASCII.GetBytes(text));

    private static byte Reversed(byte value)
    {
        var reversed = 0;
        for (var bit = 0; bit < 8; bit++)
            reversed |= ((value >> bit) & 1) << (7 - bit);
        return (byte)reversed;
    }
}
