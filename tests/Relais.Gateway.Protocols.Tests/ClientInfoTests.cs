using System.Buffers;
using System.Buffers.Binary;
using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class ClientInfoTests
{
    [Fact]
    public void A_real_client_info_is_read()
    {
        Assert.True(ClientInfo.TryRead(Capture.ClientInfo, out var info));
        Assert.Equal("rlsdesk", info!.UserName);
        Assert.Equal("Mot-de-passe-7", info.Password);
        Assert.Equal("", info.Domain);
        Assert.Equal("", info.AlternateShell);
        Assert.True(info.Flags.HasFlag(ClientInfoFlags.Unicode));
    }

    [Fact]
    public void Written_back_it_is_the_same_to_the_byte()
    {
        Assert.True(ClientInfo.TryRead(Capture.ClientInfo, out var info));
        Assert.Equal(Capture.ClientInfo, Bytes(info!));
    }

    [Fact]
    public void The_gateways_account_replaces_the_clients()
    {
        Assert.True(ClientInfo.TryRead(Capture.ClientInfo, out var info));
        var bytes = Bytes(info!.With(new RdpCredentials("bureau", new string('é', 200))));
        Assert.True(ClientInfo.TryRead(bytes, out var changed));
        Assert.Equal("bureau", changed!.UserName);
        Assert.Equal(new string('é', 200), changed.Password);
        Assert.True(changed.Flags.HasFlag(ClientInfoFlags.AutoLogon));
        Assert.Equal(info.Extra.ToArray(), changed.Extra.ToArray());
        Assert.Equal(info.CodePage, changed.CodePage);
        Assert.Equal(bytes.Length, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)));
    }

    [Fact]
    public void Any_text_survives_writing_and_reading_with_all_lengths_right() =>
        Gen.Select(Gen.Char.Array[0, 255], Gen.Char.Array[0, 255], Gen.Char.Array[0, 255]).Sample((user, password, domain) =>
        {
            Assert.True(ClientInfo.TryRead(Capture.ClientInfo, out var info));
            var account = new RdpCredentials(Text(user), Text(password), Text(domain));
            var bytes = Bytes(info!.With(account));
            Assert.True(ClientInfo.TryRead(bytes, out var changed));
            Assert.Equal(account.UserName, changed!.UserName);
            Assert.Equal(account.Password, changed.Password);
            Assert.Equal(account.Domain, changed.Domain);
            Assert.Equal(info.Extra.ToArray(), changed.Extra.ToArray());
        });

    [Fact]
    public void A_client_without_unicode_is_understood()
    {
        byte[] packet =
        [
            0, 0, 0, 0, 0x03, 0, 0, 0, // code page, flags without INFO_UNICODE
            0, 0, 3, 0, 2, 0, 4, 0, 0, 0, // lengths
            0, .. "ada\0"u8, .. "pw\0"u8, .. "calc\0"u8, 0,
        ];
        Assert.True(ClientInfo.TryRead(Frame(packet), out var info));
        Assert.Equal(("ada", "pw", "calc"), (info!.UserName, info.Password, info.AlternateShell));
        Assert.True(ClientInfo.TryRead(Bytes(info.With(null)), out var changed));
        Assert.Equal(("ada", "pw", ""), (changed!.UserName, changed.Password, changed.AlternateShell));
        Assert.True(changed.Flags.HasFlag(ClientInfoFlags.Unicode));
        Assert.False(changed.Flags.HasFlag(ClientInfoFlags.AutoLogon));
    }

    [Fact]
    public void A_text_that_ends_behind_the_packet_is_refused()
    {
        byte[] packet = [0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 65, 0];
        Assert.False(ClientInfo.TryRead(Frame(packet), out _));
    }

    [Theory]
    [InlineData(7, 0x68)] // an indication, which servers send
    [InlineData(11, 0xEC)] // another channel than input/output
    [InlineData(12, 0x30)] // a fragment
    [InlineData(15, 0x01)] // security exchange
    [InlineData(15, 0x48)] // encrypted
    public void What_is_no_client_info_is_refused(int at, byte value)
    {
        var frame = Capture.ClientInfo;
        frame[at] = value;
        Assert.False(ClientInfo.TryRead(frame, out _));
    }

    [Fact]
    public void Every_shortened_frame_is_refused()
    {
        for (var length = 0; length < Capture.ClientInfo.Length; length++)
            Assert.False(ClientInfo.TryRead(Capture.ClientInfo.AsSpan(0, length), out _));
    }

    [Fact]
    public void Changed_bytes_never_throw() =>
        Gen.Select(Gen.Int[0, Capture.ClientInfo.Length - 1], Gen.Byte, Gen.Int[7, 36], Gen.Byte).Sample((i, a, j, b) =>
        {
            var frame = Capture.ClientInfo;
            (frame[i], frame[j]) = (a, b);
            if (ClientInfo.TryRead(frame, out var info))
                info!.With(new RdpCredentials("u", "p")).TryWrite(new ArrayBufferWriter<byte>());
        });

    [Theory]
    [InlineData(256)]
    [InlineData(1000)]
    public void An_account_that_does_not_fit_is_the_callers_mistake(int length) =>
        Assert.Throws<ArgumentException>(() => new RdpCredentials("u", new string('p', length)));

    [Fact]
    public void A_nul_in_an_account_is_the_callers_mistake() =>
        Assert.Throws<ArgumentException>(() => new RdpCredentials("u\0x", "p"));

    private static string Text(char[] chars) => new([.. chars.Where(c => !char.IsSurrogate(c) && c != '\0')]);

    private static byte[] Bytes(ClientInfo info)
    {
        var writer = new ArrayBufferWriter<byte>();
        Assert.True(info.TryWrite(writer));
        return writer.WrittenSpan.ToArray();
    }

    private static byte[] Frame(byte[] packet)
    {
        byte[] data = [0x40, 0, 0, 0, .. packet];
        byte[] frame = [3, 0, 0, 0, 0x02, 0xF0, 0x80, 0x64, 0, 7, 0x03, 0xEB, 0x70, (byte)data.Length, .. data];
        Tpkt.WriteHeader(frame, frame.Length);
        return frame;
    }
}
