using System.Buffers;
using System.Buffers.Binary;
using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

/// <summary>A clipboard that is open one way only, by what a client sends.</summary>
public sealed class ClipboardGateTests
{
    private const ushort Number = 1006;
    private const ushort Other = 1004;
    private const uint Whole = 3;

    private static readonly byte[] Text = [.. Enumerable.Range(1, 900).Select(i => (byte)i)];
    private static readonly byte[] Input = [0x44, 0x04, 0x01, 0x1E];

    [Fact]
    public void Text_goes_in_and_none_comes_out()
    {
        var gate = Gate(opensIn: true, opensOut: false);
        byte[] goes = [.. Clip(2, 0, Text), .. Clip(5, 1, Text)];
        Assert.Equal(goes, Pass(gate, goes));
        // For no format at all: the target answers that, and with a failure.
        Assert.Equal(Clip(4, 0, [0, 0, 0, 0]), Pass(gate, Clip(4, 0, [13, 0, 0, 0])));
        Assert.Empty(Pass(gate, Clip(8, 0, new byte[28])));
    }

    [Fact]
    public void Text_comes_out_and_none_goes_in()
    {
        var gate = Gate(opensIn: false, opensOut: true);
        var request = Clip(4, 0, [13, 0, 0, 0]);
        Assert.Equal(request, Pass(gate, request));
        Assert.Equal(Clip(7, 0, new byte[16]), Pass(gate, Clip(7, 0, new byte[16])));
        // The target waits for a first list, and for an answer.
        Assert.Equal(Clip(2, 0, []), Pass(gate, Clip(2, 0, Text)));
        Assert.Empty(Pass(gate, Clip(2, 0, Text)));
        Assert.Equal(Clip(5, 2, []), Pass(gate, Clip(5, 1, Text)));
        Assert.Empty(Pass(gate, Clip(9, 1, Text)));
        Assert.Empty(Pass(gate, Clip(6, 0, new byte[520])));
    }

    [Fact]
    public void What_is_long_passes_under_no_other_name()
    {
        var gate = Gate(opensIn: false, opensOut: true);
        foreach (var type in new ushort[] { 3, 4, 7, 8, 10, 99 })
            Assert.Empty(Pass(gate, Clip(type, 0, Text)));
        byte[] parts = [.. Clip(7, 0, new byte[16], flags: 1), .. Frame(Number, [0, 4, 0, 0, 2, 0, 0, 0, .. Text])];
        Assert.Empty(Pass(gate, parts));
    }

    [Fact]
    public void The_later_parts_of_what_may_not_pass_do_not_pass_either()
    {
        var gate = Gate(opensIn: false, opensOut: true);
        byte[] parts = [.. Clip(5, 1, Text, flags: 1), .. Frame(Number, [0, 4, 0, 0, 0, 0, 0, 0, .. Text]), .. Frame(Number, [0, 4, 0, 0, 2, 0, 0, 0, .. Text])];
        Assert.Equal(Clip(5, 2, []), Pass(gate, parts));
        Assert.Empty(Pass(gate, Frame(Number, [0, 4, 0, 0, 3, 0, 0x20, 0, .. Text])));
        Assert.Empty(Pass(gate, Frame(Number, [4, 0, 0, 0, 1, 0, 0, 0, 5, 0, 1, 0])));
    }

    [Fact]
    public void Nothing_stands_behind_another_message_in_its_frame()
    {
        byte[] frame = [.. Frame(Other, Text[..20]), .. Clip(5, 1, Text)[7..]];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)frame.Length);
        Assert.Empty(Pass(Gate(opensIn: false, opensOut: true), frame));
    }

    [Fact]
    public void Until_the_target_numbers_its_channels_none_is_open_but_the_picture_s()
    {
        var gate = new ClipboardGate(opensIn: true, opensOut: false);
        gate.LearnNames(["rdpsnd", "drdynvc", "cliprdr"]);
        byte[] keys = [.. Frame(1003, Text[..40]), .. Input];
        Assert.Equal(keys, Pass(gate, [.. Clip(2, 0, Text), .. keys, .. Frame(Other, Text)]));
        gate.LearnNumbers(Response(1004, 1005, Number));
        Assert.Equal(Frame(Other, Text), Pass(gate, Frame(Other, Text)));
        gate.LearnNumbers(Response(1004, 1005, 1007));
        Assert.Equal(Clip(4, 0, [0, 0, 0, 0]), Pass(gate, Clip(4, 0, [13, 0, 0, 0])));
    }

    [Fact]
    public void A_second_channel_of_that_name_is_held_as_well()
    {
        var gate = new ClipboardGate(opensIn: false, opensOut: true);
        gate.LearnNames(["cliprdr", "CLIPRDR"]);
        gate.LearnNumbers(Response(1004, 1005));
        Assert.Empty(Pass(gate, [.. Frame(1004, [0, 4, 0, 0, 3, 0, 0, 0, 6, 0, .. Text]), .. Frame(1005, [0, 4, 0, 0, 3, 0, 0, 0, 6, 0, .. Text])]));
    }

    [Fact]
    public void Any_split_gives_the_same_and_any_bytes_are_taken() => Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[1, 64], Gen.Bool).Sample((noise, step, inside) =>
    {
        byte[] sent = [.. Clip(5, 1, Text), .. Input, .. Clip(4, 0, [13, 0, 0, 0]), .. Frame(Other, Text), .. noise];
        var output = new ArrayBufferWriter<byte>();
        var gate = Gate(inside, !inside);
        foreach (var part in sent.Chunk(step))
            gate.Take(part, output);
        Assert.Equal(Pass(Gate(inside, !inside), sent), output.WrittenSpan.ToArray());
    });

    [Fact]
    public void Any_answer_of_a_target_is_taken() => Gen.Byte.Array[0, 120].Sample(noise =>
    {
        ServerNetwork.TryReadNumbers(noise, out _);
        var response = Response(1004, 1005, Number);
        foreach (var (at, value) in noise.Index())
            response[7 + (at * 7 % (response.Length - 7))] = value;
        ServerNetwork.TryReadNumbers(response, out _);
    });

    private static ClipboardGate Gate(bool opensIn, bool opensOut)
    {
        var gate = new ClipboardGate(opensIn, opensOut);
        gate.LearnNames(["rdpsnd", "drdynvc", "cliprdr"]);
        gate.LearnNumbers(Response(1004, 1005, Number));
        return gate;
    }

    private static byte[] Pass(ClipboardGate gate, byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        gate.Take(bytes, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Clip(ushort type, ushort messageFlags, byte[] content, uint flags = Whole)
    {
        var message = new byte[16 + content.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, (uint)(8 + content.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), flags);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(8), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(10), messageFlags);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), (uint)content.Length);
        content.CopyTo(message, 16);
        return Frame(Number, message);
    }

    private static byte[] Frame(ushort channel, byte[] content)
    {
        byte[] length = content.Length < 0x80 ? [(byte)content.Length] : [(byte)(0x80 | (content.Length >> 8)), (byte)content.Length];
        byte[] frame = [3, 0, 0, 0, 0x02, 0xF0, 0x80, 0x64, 0, 6, (byte)(channel >> 8), (byte)channel, 0x70, .. length, .. content];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)frame.Length);
        return frame;
    }

    // As a target without channels answers, with these in its last block.
    private static byte[] Response(params ushort[] numbers)
    {
        var last = new byte[8 + (2 * (numbers.Length + (numbers.Length % 2)))];
        BinaryPrimitives.WriteUInt16LittleEndian(last, 0x0C03);
        BinaryPrimitives.WriteUInt16LittleEndian(last.AsSpan(2), (ushort)last.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(last.AsSpan(4), 1003);
        BinaryPrimitives.WriteUInt16LittleEndian(last.AsSpan(6), (ushort)numbers.Length);
        foreach (var (at, number) in numbers.Index())
            BinaryPrimitives.WriteUInt16LittleEndian(last.AsSpan(8 + (2 * at)), number);
        byte[] frame = [.. RdpReplayable.ConnectResponse[..^8], .. last];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)frame.Length);
        return frame;
    }
}
