using System.Buffers.Binary;
using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

/// <summary>What is recorded of what a target sent to a native client.</summary>
public sealed class RdpReplayableTests
{
    private static readonly byte[] Settings = Frame("7F6600");
    private static readonly byte[] Attach = Frame("2E000008"); // user 1009
    private static readonly byte[] Demand = Data(1003, [22, 0, 0x11, 0, 0xEA, 3, 0xEA, 3, 1, 0, 4, 0, 4, 0, (byte)'R', (byte)'D', (byte)'P', 0, 0, 0, 0, 0]);
    private static readonly byte[] FontMapFrame = Convert.FromHexString("0300002802F08068000503EB701A1A001700EE03EA03010000011A0028001A000000000003000400");
    private static readonly byte[] Licence = Data(1003, [0x80, 0, 0, 0, 1, 3, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    private static readonly byte[] Picture = [0x00, 0x09, 0x01, 0x04, 0x00, 0x01, 0x00, 0x00, 0x00];

    [Fact]
    public void The_start_up_is_that_of_a_client_without_channels()
    {
        byte[][] recorded =
        [
            RdpReplayable.ConnectResponse.ToArray(), Attach, Frame("3E00000803F103F1"), Frame("3E00000803EB03EB"),
            Frame("68000803EB701480000000FF031000070000000200000004000000"), Demand, FontMapFrame, Picture,
        ];
        Assert.Equal(
            recorded,
            Shown(
            [
                Settings, Attach, Frame("3E00000803F103F1"), Frame("3E00000803EC03EC"), Data(1006, "probe"u8), Licence, Picture, Demand, Data(1004, "copied"u8),
                FontMapFrame, Picture,
            ]));
    }

    [Fact]
    public void What_a_target_says_in_other_channels_is_not_recorded()
    {
        var end = Frame("2180");
        byte[][] recorded = [Picture, Demand, end];
        Assert.Equal(recorded, Shown([.. StartUp(), Picture, Data(1004, "copied"u8), Demand, Frame("3E00000803EC03EC"), end]).TakeLast(3));
    }

    [Fact]
    public void The_lengths_of_the_settings_add_up()
    {
        var frame = RdpReplayable.ConnectResponse;
        Assert.Equal(frame.Length, BinaryPrimitives.ReadUInt16BigEndian(frame[2..]));
        Assert.Equal(frame.Length - 10, frame[9]);
        Assert.Equal(frame.Length - 46, frame[45]);
        Assert.Equal(frame.Length - 54, frame[53]);
        Assert.Equal(32, frame[67]);
    }

    [Fact]
    public void Arbitrary_frames_never_throw() =>
        Gen.Select(Gen.Byte.Array[1, 60].Array[0, 8], Gen.Int[0, 4]).Sample((frames, from) =>
        {
            Shown([.. StartUp().Take(from), .. frames, .. frames.Select(f => (byte[])[.. Demand.AsSpan(0, Math.Max(0, Demand.Length - f.Length)), .. f])]);
        });

    private static byte[][] StartUp() => [Settings, Attach, Demand, FontMapFrame];

    private static List<byte[]> Shown(IEnumerable<byte[]> frames)
    {
        var (replayable, shown) = (new RdpReplayable(), new List<byte[]>());
        foreach (var frame in frames)
            replayable.Take(frame, show => shown.Add(show.ToArray()));
        return shown;
    }

    private static byte[] Data(ushort channel, ReadOnlySpan<byte> content) =>
        Frame($"680001{channel:X4}70{content.Length:X2}{Convert.ToHexString(content)}");

    private static byte[] Frame(string pdu)
    {
        var bytes = Convert.FromHexString("0300000002F080" + pdu);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)bytes.Length);
        return bytes;
    }
}
