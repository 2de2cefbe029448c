using System.Buffers.Binary;
using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class ConnectInitialTests
{
    [Fact]
    public void The_core_settings_are_found_behind_the_decoy()
    {
        var frame = Capture.ConnectInitial;
        Assert.True(McsConnectInitial.TryLocate(frame, out var blocks));
        // The first 01 C0 of the frame belongs to the GCC header.
        Assert.True(frame.AsSpan().IndexOf<byte>([0x01, 0xC0]) < blocks.Core.Start.Value);
        Assert.Equal("01C0EA000C000800", Convert.ToHexString(frame[blocks.Core][..8]));
    }

    [Fact]
    public void The_channels_of_a_real_client_are_read_in_their_order()
    {
        var frame = Capture.ConnectInitial;
        Assert.True(McsConnectInitial.TryLocate(frame, out var blocks));
        Assert.True(ClientNetwork.TryReadNames(frame[blocks.Network], out var names));
        Assert.Equal(["rdpdr", "rdpsnd", "cliprdr", "drdynvc"], names);
    }

    [Fact]
    public void A_denied_channel_keeps_its_number_and_loses_its_name()
    {
        var frame = Capture.ConnectInitial;
        Assert.True(McsConnectInitial.TryLocate(frame, out var blocks));
        Assert.True(ClientNetwork.Enforce(frame.AsSpan(blocks.Network), ChannelPolicy.DisplayOnly));
        Assert.True(ClientNetwork.TryReadNames(frame[blocks.Network], out var names));
        Assert.Equal(["deny00", "rdpsnd", "deny02", "drdynvc"], names);
        Assert.DoesNotContain("cliprdr", System.Text.Encoding.Latin1.GetString(frame), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("cliprdr", true)]
    [InlineData("CLIPRDR", true)]
    [InlineData("cliprdX", false)]
    [InlineData("", false)]
    public void Names_are_compared_without_case_as_targets_do(string name, bool allowed) =>
        Assert.Equal(allowed, ChannelPolicy.WithClipboard.Allows(name));

    [Fact]
    public void Bytes_behind_the_end_of_a_name_do_not_reach_the_target()
    {
        byte[] block = [0x03, 0xC0, 20, 0, 1, 0, 0, 0, .. "RDPSND\0x"u8, 0, 0, 0, 0xC0];
        Assert.True(ClientNetwork.Enforce(block, ChannelPolicy.DisplayOnly));
        Assert.Equal([.. "RDPSND\0\0"u8], block[8..16]);
    }

    [Theory]
    [InlineData(0u, 8, true)]
    [InlineData(31u, 8 + (31 * 12), true)]
    [InlineData(32u, 8 + (32 * 12), false)] // more than there can be
    [InlineData(1u, 8, false)]
    [InlineData(1u, 21, false)]
    [InlineData(uint.MaxValue, 8, false)]
    [InlineData(0x15555556u, 16, false)] // times 12 it wraps to 8
    [InlineData(0u, 7, false)]
    public void A_channel_list_must_be_as_long_as_its_count_says(uint count, int length, bool read)
    {
        var block = new byte[length];
        if (length >= 8)
            BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(4), count);
        Assert.Equal(read, ClientNetwork.TryReadNames(block, out _));
    }

    [Fact]
    public void Thirty_two_bits_are_asked_for_over_a_lan()
    {
        var frame = Capture.ConnectInitial;
        Assert.True(McsConnectInitial.TryLocate(frame, out var blocks));
        var core = frame.AsSpan(blocks.Core);
        Assert.True(ClientCore.AskFor32Bits(core));
        Assert.Equal(24, core[140]);
        Assert.Equal(0x22, core[144] & 0x22);
        Assert.Equal(6, core[210]);
    }

    [Theory]
    [InlineData(19, false, false)]
    [InlineData(20, true, false)]
    [InlineData(132, true, false)]
    [InlineData(210, true, false)]
    [InlineData(211, true, true)]
    public void Settings_that_the_client_left_out_stay_out(int length, bool layout, bool depth)
    {
        var block = new byte[length];
        Assert.Equal(layout, ClientCore.SetKeyboardLayout(block, 0x040C));
        Assert.Equal(depth, ClientCore.AskFor32Bits(block));
    }

    [Fact]
    public void Every_shortened_or_lengthened_frame_is_refused()
    {
        var frame = Capture.ConnectInitial;
        for (var length = 0; length < frame.Length; length++)
            Assert.False(McsConnectInitial.TryLocate(frame.AsSpan(0, length), out _));
        Assert.False(McsConnectInitial.TryLocate([.. frame, 0], out _));
    }

    [Fact]
    public void A_second_channel_list_is_refused_because_targets_differ_in_which_they_obey()
    {
        var frame = Capture.ConnectInitial;
        // CS_SEC becomes a second CS_NET.
        var security = frame.AsSpan().IndexOf<byte>([0x02, 0xC0, 0x0C, 0x00]);
        frame[security] = 0x03;
        Assert.False(McsConnectInitial.TryLocate(frame, out _));
    }

    [Fact]
    public void A_gcc_header_of_another_shape_is_refused_because_targets_skip_it_unread()
    {
        Assert.True(McsConnectInitial.TryLocate(Capture.ConnectInitial, out var blocks));
        for (var i = blocks.Core.Start.Value - 23; i < blocks.Core.Start.Value; i++)
        {
            var frame = Capture.ConnectInitial;
            frame[i] ^= 0x01;
            Assert.False(McsConnectInitial.TryLocate(frame, out _));
        }
    }

    [Fact]
    public void Changed_bytes_never_throw() =>
        Gen.Select(Gen.Int[0, Capture.ConnectInitial.Length - 1], Gen.Byte, Gen.Int[0, Capture.ConnectInitial.Length - 1], Gen.Byte).Sample((i, a, j, b) =>
        {
            var frame = Capture.ConnectInitial;
            (frame[i], frame[j]) = (a, b);
            if (!McsConnectInitial.TryLocate(frame, out var blocks))
                return;
            ClientCore.AskFor32Bits(frame.AsSpan(blocks.Core));
            ClientNetwork.Enforce(frame.AsSpan(blocks.Network), ChannelPolicy.DisplayOnly);
        });
}
