using System.Buffers.Binary;
using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

/// <summary>What is kept and made for somebody who joins an RDP session, after frames of xrdp 0.9.21.</summary>
public sealed class RdpShownTests
{
    private static readonly byte[] Attach = Frame("2E000008"); // user 1009
    private static readonly byte[] Demand = Data(1003, Control(0x11, [0xEA, 0x03, 0x01, 0x00, 4, 0, 4, 0, (byte)'R', (byte)'D', (byte)'P', 0, 0, 0, 0, 0]));
    private static readonly byte[] FontMapFrame = Convert.FromHexString("0300002802F08068000503EB701A1A001700EE03EA03010000011A0028001A000000000003000400");
    private static readonly byte[] Picture = Surface([0xC4, 0xCC, 14, 0, 0, 0, 1, 0, 7, 0, 0, 0, 1, 0]);

    private static readonly byte[] Headers =
    [
        0xC0, 0xCC, 12, 0, 0, 0, 0xCA, 0xAC, 0xCC, 0xCA, 0, 1, 0xC1, 0xCC, 10, 0, 0, 0, 1, 1, 0, 1,
        0xC2, 0xCC, 12, 0, 0, 0, 1, 0, 0x20, 0x03, 0x58, 0x02, 0xC3, 0xCC, 13, 0, 0, 0, 1, 0xFF, 0, 0x40, 0, 0x28, 0x0A,
    ];

    [Fact]
    public void Whoever_joins_goes_through_the_start_up_message_by_message()
    {
        var shown = Started();
        Assert.Equal([[0x30, 0x00], Attach, Demand, FontMapFrame], shown.StartUp);
    }

    [Fact]
    public void Nobody_joins_before_the_start_up_is_over()
    {
        var shown = new RdpShown();
        shown.TakeAnswer([0x30, 0x00]);
        Assert.False(shown.Take(Demand));
        Assert.False(shown.Started);
        Assert.False(shown.Take(Picture));
    }

    [Fact]
    public void The_clipboard_and_other_channels_are_not_for_those_who_watch()
    {
        var shown = Started();
        Assert.False(shown.Take(Data(1004, "copied"u8)));
        Assert.True(shown.Take(Data(1003, Control(0x17, new byte[12]))));
        Assert.True(shown.Take(Picture));
        Assert.True(shown.Take(Frame("2180"))); // the server says goodbye
    }

    [Fact]
    public void A_restart_with_another_size_is_gone_through_as_well_and_only_the_last_one()
    {
        var shown = Started();
        var deactivate = Data(1003, Control(0x16, [0xEA, 0x03, 0x01, 0x00, 0, 0]));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(shown.Take(deactivate));
            Assert.True(shown.Take(Demand));
            Assert.True(shown.Take(FontMapFrame));
            shown.Take(Picture);
        }

        Assert.Equal([[0x30, 0x00], Attach, Demand, FontMapFrame, deactivate, Demand, FontMapFrame], shown.StartUp);
    }

    [Fact]
    public void The_first_picture_of_whoever_joins_late_has_the_codecs_headers()
    {
        var shown = Started();
        var first = Surface([.. Headers, .. Picture[36..]]);
        shown.Take(first);
        Assert.Equal(first, shown.First(Picture, out var headed));
        Assert.True(headed);
        // One that has them is left as it is.
        Assert.Equal(first, shown.First(first, out headed));
        Assert.True(headed);
    }

    [Fact]
    public void A_picture_of_another_codec_needs_no_headers()
    {
        var shown = Started();
        shown.Take(Surface([.. Headers, .. Picture[36..]]));
        byte[] bitmap = [0x00, 0x09, 0x01, 0x04, 0x00, 0x01, 0x00, 0x00, 0x00];
        Assert.Equal(bitmap, shown.First(bitmap, out var headed));
        Assert.False(headed);
    }

    // Found by fuzzing: TPKT's reserved byte looked like a long length of fast path.
    [Fact]
    public void A_slow_path_frame_is_never_given_headers()
    {
        var shown = Started();
        shown.Take(Surface([.. Headers, .. Picture[36..]]));
        byte[] frame = [.. Picture];
        frame[0] = 3;
        Assert.Equal(frame, shown.First(frame, out var headed));
        Assert.False(headed);
    }

    [Theory]
    [InlineData("000604000000", true)]
    [InlineData("000624000000", true)]
    [InlineData("000634000000", false)]
    [InlineData("000614000000", false)]
    [InlineData("0300000802F08021", true)]
    [InlineData("", false)]
    public void Only_a_frame_that_continues_nothing_is_one_to_begin_with(string hex, bool begins) =>
        Assert.Equal(begins, RdpShown.Begins(Convert.FromHexString(hex)));

    [Fact]
    public void Arbitrary_frames_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 80].Array[0, 6], Gen.Int[0, 200]).Sample((frames, keep) =>
        {
            var shown = Started();
            shown.Take(Surface([.. Headers, .. Picture[36..]]).AsSpan(0, Math.Min(keep, 80)));
            foreach (var frame in frames)
            {
                shown.Take(frame);
                shown.Take([.. Picture[..Math.Min(Picture.Length, keep)], .. frame]);
                shown.First(frame, out _);
                RdpShown.Begins(frame);
            }
        });

    private static RdpShown Started()
    {
        var shown = new RdpShown();
        shown.TakeAnswer([0x30, 0x00]);
        foreach (var frame in new[] { Attach, Demand, FontMapFrame })
            Assert.False(shown.Take(frame));
        Assert.True(shown.Started);
        return shown;
    }

    // A frame marker, and a picture of 800 by 600.
    private static byte[] Surface(byte[] picture)
    {
        byte[] commands =
        [
            4, 0, 0, 0, 1, 0, 0, 0,
            1, 0, 0, 0, 0, 0, 0x20, 0x03, 0x58, 0x02, 32, 0, 0, 3, 0x20, 0x03, 0x58, 0x02, 0, 0, 0, 0, .. picture,
        ];
        BinaryPrimitives.WriteInt32LittleEndian(commands.AsSpan(26), picture.Length);
        var length = 3 + 3 + commands.Length;
        return [0x00, (byte)(0x80 | (length >> 8)), (byte)length, 0x04, (byte)commands.Length, (byte)(commands.Length >> 8), .. commands];
    }

    private static byte[] Control(byte type, ReadOnlySpan<byte> content) => [(byte)(6 + content.Length), (byte)((6 + content.Length) >> 8), type, 0, 0xEA, 0x03, .. content];

    private static byte[] Data(ushort channel, ReadOnlySpan<byte> content) =>
        Frame($"680001{channel:X4}70{content.Length:X2}{Convert.ToHexString(content)}");

    private static byte[] Frame(string pdu)
    {
        var bytes = Convert.FromHexString("0300000002F080" + pdu);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)bytes.Length);
        return bytes;
    }
}
