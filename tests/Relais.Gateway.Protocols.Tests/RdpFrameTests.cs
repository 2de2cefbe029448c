using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class RdpFrameTests
{
    [Theory]
    [InlineData("03000028", ReadResult.Complete, 0x28)]
    [InlineData("030000", ReadResult.NeedMore, 0)]
    [InlineData("03000004", ReadResult.Malformed, 0)]
    [InlineData("0005", ReadResult.Complete, 5)]
    [InlineData("008123", ReadResult.Complete, 0x123)]
    [InlineData("0081", ReadResult.NeedMore, 0)]
    [InlineData("00", ReadResult.NeedMore, 0)]
    [InlineData("0002", ReadResult.Malformed, 0)]
    [InlineData("008003", ReadResult.Malformed, 0)]
    [InlineData("01", ReadResult.Malformed, 0)]
    [InlineData("07", ReadResult.Malformed, 0)]
    [InlineData("", ReadResult.NeedMore, 0)]
    public void The_length_is_read_from_either_kind_of_header(string hex, ReadResult result, int length)
    {
        Assert.Equal(result, RdpFrame.TryReadLength(Convert.FromHexString(hex), out var read));
        Assert.Equal(length, read);
    }

    [Fact]
    public void Frames_come_out_the_same_however_their_bytes_come() =>
        Gen.Select(Frame.Array[1, 12], Gen.Int[1, 300].Array[1, 20]).Sample((frames, steps) =>
        {
            var (stream, splitter, found) = (frames.SelectMany(f => f).ToArray(), new RdpFrameSplitter(), new List<byte[]>());
            for (var (from, step) = (0, 0); from < stream.Length; step++)
            {
                var until = Math.Min(stream.Length, from + steps[step % steps.Length]);
                ReadOnlySpan<byte> bytes = stream.AsSpan(from, until - from);
                while (splitter.TryTake(ref bytes, out var frame))
                    found.Add(frame.ToArray());
                Assert.True(bytes.IsEmpty);
                Assert.Equal(found.Sum(f => f.Length) == until, splitter.IsBetweenFrames);
                from = until;
            }

            Assert.Equal(frames, found);
        });

    [Fact]
    public void After_bytes_that_begin_no_frame_there_are_none_any_more()
    {
        var splitter = new RdpFrameSplitter();
        ReadOnlySpan<byte> bytes = [0x05, 0x00, 0x00, 0x05, 0x01];
        Assert.False(splitter.TryTake(ref bytes, out _));
        Assert.False(splitter.IsBetweenFrames);
        bytes = [0x00, 0x03, 0x01];
        Assert.False(splitter.TryTake(ref bytes, out _));
    }

    private static readonly Gen<byte[]> Frame = Gen.Select(Gen.Bool, Gen.Bool, Gen.Byte.Array[1, 200]).Select((fast, two, content) =>
    {
        if (!fast)
            return (byte[])[3, 0, (byte)((content.Length + 4) >> 8), (byte)(content.Length + 4), .. content];
        return two || content.Length > 120
            ? [0x40, (byte)(0x80 | ((content.Length + 3) >> 8)), (byte)(content.Length + 3), .. content]
            : [0x00, (byte)(content.Length + 2), .. content];
    });
}
