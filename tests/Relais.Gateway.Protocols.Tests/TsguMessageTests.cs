using System.Buffers;
using CsCheck;
using Relais.Gateway.Protocols.Tsgu;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class TsguMessageTests
{
    [Fact]
    public void A_handshake_written_by_hand_is_read()
    {
        Assert.True(TsguHandshakeRequest.TryRead(Body("010000000E000000" + "0100" + "0000" + "0200", TsguPacketType.HandshakeRequest), out var request));
        Assert.Equal(new TsguHandshakeRequest(1, 0, TsguAuthentication.Cookie), request);
        Assert.Equal("020000001200000000000000010000000200", Convert.ToHexString(new TsguHandshakeResponse(TsguCode.Ok, 1, 0, TsguAuthentication.Cookie).Write()));
    }

    [Fact]
    public void A_cookie_written_by_hand_is_read()
    {
        const string Packet = "04000000" + "1A000000" + "3F000000" + "0100" + "0000" + "0800" + "6A00" + "6500" + "7400" + "0000";
        Assert.True(TsguTunnelCreate.TryRead(Body(Packet, TsguPacketType.TunnelCreate), out var create));
        Assert.Equal("jet", create.Cookie);
        Assert.Equal(Packet, Convert.ToHexString(create.Write()));
        Assert.DoesNotContain("jet", create.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00000000" + "0000" + "0000", true, null)]
    [InlineData("00000000" + "0100" + "0000", false, null)] // announced and absent
    [InlineData("00000000" + "0100" + "0000" + "0000", true, "")]
    [InlineData("00000000" + "0100" + "0000" + "0200" + "6A00", true, "j")] // without a terminator
    [InlineData("00000000" + "0100" + "0000" + "0300" + "6A0000", false, null)] // half a character
    [InlineData("00000000" + "0100" + "0000" + "FFFE" + "6A00", false, null)]
    [InlineData("00000000" + "0100" + "0000" + "0600" + "6A0000006A00", false, null)] // a second text behind the first one's end
    [InlineData("00000000" + "0300" + "0000" + "1122334455667788" + "0200" + "6A00", true, "j")]
    [InlineData("00000000" + "0200" + "0000" + "11223344556677", false, null)]
    [InlineData("0000000001", false, null)]
    public void A_tunnel_is_asked_for_with_or_without_a_cookie(string hex, bool expected, string? cookie)
    {
        Assert.Equal(expected, TsguTunnelCreate.TryRead(Convert.FromHexString(hex), out var create));
        Assert.Equal(cookie, create.Cookie);
    }

    [Fact]
    public void A_tunnel_response_has_a_number_or_a_reason()
    {
        Assert.Equal("0500000012000000" + "0000" + "F8590780" + "0000" + "0000", Convert.ToHexString(new TsguTunnelResponse(TsguCode.CookieDenied).Write()));
        var ok = new TsguTunnelResponse(TsguCode.Ok, 7, TsguCapabilities.IdleTimeout);
        Assert.True(TsguTunnelResponse.TryRead(ok.Write().AsSpan(TsguFrame.HeaderLength), out var read));
        Assert.Equal(ok, read);
    }

    [Theory]
    [InlineData("01" + "00" + "3D0D" + "0300" + "0400" + "62000000", true, "b")]
    [InlineData("00" + "00" + "3D0D" + "0300", false, null)]
    [InlineData("01" + "01" + "3D0D" + "0300" + "0200" + "6200", false, null)] // the alternative is missing
    [InlineData("01" + "01" + "3D0D" + "0300" + "0200" + "6200" + "0200" + "6300", true, "b,c")]
    [InlineData("01" + "00" + "3D0D" + "0400" + "0200" + "6200", false, null)] // not RDP
    [InlineData("FF" + "FF" + "3D0D" + "0300" + "0200" + "6200", false, null)]
    public void A_channel_names_at_least_one_target(string hex, bool expected, string? names)
    {
        Assert.Equal(expected, TsguChannelCreate.TryRead(Convert.FromHexString(hex), out var channel));
        Assert.Equal(names, channel is null ? null : string.Join(',', channel.Names));
        if (channel is not null)
            Assert.Equal(3389, channel.Port);
    }

    [Fact]
    public void Every_message_survives_writing_and_reading() =>
        Gen.Select(Gen.String[0, 60], Gen.UInt, Gen.UShort).Sample((text, number, small) =>
        {
            // UTF-16 on the wire keeps whole characters only, and texts end at a NUL.
            text = new string([.. text.Where(c => !char.IsSurrogate(c) && c != '\0')]);
            Assert.True(TsguTunnelCreate.TryRead(BodyOf(new TsguTunnelCreate((TsguCapabilities)number, false, text).Write()), out var create));
            Assert.Equal((text, (TsguCapabilities)number), (create.Cookie, create.Capabilities));
            Assert.True(TsguTunnelAuthorize.TryRead(BodyOf(new TsguTunnelAuthorize(text).Write()), out var authorize));
            Assert.Equal(text, authorize.ClientName);
            Assert.True(TsguChannelCreate.TryRead(BodyOf(new TsguChannelCreate([text, "b"], small).Write()), out var channel));
            Assert.Equal([text, "b"], channel!.Names);
            Assert.True(TsguServiceMessage.TryRead(BodyOf(new TsguServiceMessage(text).Write()), out var message));
            Assert.Equal(text, message.Text);
            var authorized = new TsguTunnelAuthorizeResponse(TsguCode.Ok, (TsguRedirection)number, small);
            Assert.True(TsguTunnelAuthorizeResponse.TryRead(BodyOf(authorized.Write()), out var sameAuthorized));
            Assert.Equal(authorized, sameAuthorized);
            var opened = new TsguChannelResponse(TsguCode.Ok, number);
            Assert.True(TsguChannelResponse.TryRead(BodyOf(opened.Write()), out var sameOpened));
            Assert.Equal(opened, sameOpened);
            Assert.True(TsguClose.TryRead(BodyOf(new TsguClose((TsguCode)number).Write()), out var close));
            Assert.Equal((TsguCode)number, close.Code);
        });

    private static byte[] Body(string hex, TsguPacketType expected)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(ReadResult.Complete, TsguFrame.TryRead(ref buffer, out var type, out var body));
        Assert.Equal(expected, type);
        Assert.True(buffer.IsEmpty);
        return body.ToArray();
    }

    private static byte[] BodyOf(byte[] packet)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        Assert.Equal(ReadResult.Complete, TsguFrame.TryRead(ref buffer, out _, out var body));
        return body.ToArray();
    }
}
