using System.Buffers;
using System.Buffers.Binary;
using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

/// <summary>What a target is told of a native client whose session is recorded.</summary>
public sealed class RdpNarrowingTests
{
    // TPKT, X.224, MCS and its length of two bytes, share control, and what precedes the sets.
    private const int SetsOffset = 15 + 16 + 8 + 4;

    private static readonly byte[] RemoteFx = Convert.FromHexString("122F777672BD6344AFB3B73C9C6F7886");
    private static readonly byte[] Ignored = Convert.FromHexString("A651439C3535AE42910CCDFCE5760B58");

    [Fact]
    public void It_is_told_of_no_orders_and_no_caches_but_of_remotefx()
    {
        var sets = Sets(Narrowed(Capture.ConfirmActive));
        Assert.Equal(new byte[32], sets[3].AsSpan(36, 32).ToArray());
        foreach (var type in new ushort[] { 4, 15, 16 })
            Assert.Equal(-1, sets[type].AsSpan(4).IndexOfAnyExcept((byte)0));
        Assert.DoesNotContain((ushort)19, sets.Keys);
        Assert.Equal(RemoteFx, sets[29].AsSpan(5, 16).ToArray());
        Assert.Equal(Sets(Capture.ConfirmActive)[28], sets[28]);
    }

    [Fact]
    public void Everything_else_stays_as_the_client_said_it()
    {
        var (before, after) = (Capture.ConfirmActive, Narrowed(Capture.ConfirmActive));
        Assert.Equal(before.Length, after.Length);
        Assert.Equal(before[..SetsOffset], after[..SetsOffset]);
        var (said, told) = (Sets(before), Sets(after));
        foreach (var type in new ushort[] { 1, 2, 8, 13, 20, 12, 9, 14, 5, 10, 7, 26, 30 })
            Assert.Equal(said[type], told[type]);
    }

    [Fact]
    public void Without_a_remotefx_that_ironrdp_knows_there_are_no_surface_commands()
    {
        var frame = Capture.ConfirmActive;
        var codec = frame.AsSpan().IndexOf(RemoteFx);
        frame[codec + 16] = 1; // another number
        var sets = Sets(Narrowed(frame));
        Assert.Equal(Ignored, sets[29].AsSpan(5, 16).ToArray());
        Assert.Equal(new byte[8], sets[28].AsSpan(4).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(5000)]
    public void Each_announcement_of_a_connection_is_narrowed_in_whatever_pieces_it_comes(int size)
    {
        byte[] input = [0x44, 0x04, 0x01, 0x1E];
        byte[] sent = [.. Capture.StartUp, .. Capture.ConfirmActive, .. input, .. Capture.ConfirmActive, .. input];
        var narrowed = Narrowed(Capture.ConfirmActive);
        byte[] expected = [.. Capture.StartUp, .. narrowed, .. input, .. narrowed, .. input];
        var (narrowing, output) = (new RdpNarrowing(), new ArrayBufferWriter<byte>());
        foreach (var part in sent.Chunk(size))
            Assert.True(narrowing.TryTake(part, output));
        Assert.Equal(expected, output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Another_channel_is_not_looked_into()
    {
        var frame = Capture.ConfirmActive;
        frame[11]++; // the channel's number
        Assert.Equal(frame, Narrowed(frame));
    }

    [Fact]
    public void An_announcement_behind_another_pdu_in_the_same_frame_is_found()
    {
        byte[] hidden = [0x06, 0x00, 0x17, 0x00, 0xEA, 0x03, .. Capture.ConfirmActive[15..]];
        byte[] frame = [.. Capture.ConfirmActive[..15], .. hidden];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)frame.Length);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(13), (ushort)(0x8000 | hidden.Length));
        var narrowed = Narrowed(frame);
        Assert.Equal(Narrowed(Capture.ConfirmActive)[15..], narrowed[21..]);
    }

    [Fact]
    public void One_that_cannot_be_read_to_its_end_does_not_reach_the_target()
    {
        for (var at = 28; at < 31; at++)
        {
            var frame = Capture.ConfirmActive;
            frame[at]++; // the lengths of the descriptor and of all that follows
            Assert.False(TryTake([.. Capture.StartUp, .. frame], out var output));
            Assert.Equal(Capture.StartUp, output);
        }
    }

    [Fact]
    public void What_is_no_rdp_does_not_reach_the_target() => Assert.False(TryTake("\u0007SSH-2.0"u8, out _));

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 500]).Sample((bytes, keep) =>
        {
            TryTake([.. Capture.StartUp, .. Capture.ConfirmActive.AsSpan(0, keep), .. bytes], out _);
        });

    [Fact]
    public void The_settings_name_no_graphics_pipeline_and_the_account_no_compression()
    {
        var sequence = new RdpConnectSequence(new RdpConnectPlan(ChannelPolicy.DisplayOnly, Narrow: true));
        var input = Capture.StartUp;
        McsConnectInitial.TryLocate(Capture.ConnectInitial, out var blocks);
        input[blocks.Core.Start.Value + 145] |= 0x01;
        var info = input.AsSpan(0x22F);
        info[15 + 4 + 4] |= 0x80;
        Assert.True(ClientInfo.TryRead(info, out var asked));
        Assert.True(asked!.Flags.HasFlag(ClientInfoFlags.Compression));

        var (bytes, output) = (new ReadOnlySequence<byte>(input), new ArrayBufferWriter<byte>());
        Assert.Equal(ReadResult.Complete, sequence.Advance(ref bytes, output));
        Assert.Equal(0, output.WrittenSpan[blocks.Core.Start.Value + 145] & 0x01);
        Assert.True(ClientInfo.TryRead(output.WrittenSpan[0x22F..], out var told));
        Assert.False(told!.Flags.HasFlag(ClientInfoFlags.Compression));
    }

    private static byte[] Narrowed(byte[] frame)
    {
        Assert.True(TryTake([.. Capture.StartUp, .. frame], out var output));
        return output[Capture.StartUp.Length..];
    }

    private static bool TryTake(ReadOnlySpan<byte> bytes, out byte[] output)
    {
        var written = new ArrayBufferWriter<byte>();
        var taken = new RdpNarrowing().TryTake(bytes, written);
        output = written.WrittenSpan.ToArray();
        return taken;
    }

    private static Dictionary<ushort, byte[]> Sets(byte[] frame)
    {
        var sets = new Dictionary<ushort, byte[]>();
        for (var at = SetsOffset; at < frame.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(at + 2));
            sets.Add(BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(at)), frame[at..(at + length)]);
            at += length;
        }

        return sets;
    }
}
