using System.Buffers;
using System.Text;
using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class RdpConnectSequenceTests
{
    private static readonly RdpConnectPlan Plan = new(ChannelPolicy.DisplayOnly, new RdpCredentials("bureau", "secret-du-bureau"), 0x040C);

    [Fact]
    public void A_real_start_up_is_edited_and_what_follows_is_left_alone()
    {
        byte[] after = [0x03, 0x00, 0x00, 0xA3, 1, 2, 3];
        var (result, output, rest) = Run(Plan, [.. Capture.StartUp, .. after]);
        Assert.Equal(ReadResult.Complete, result);
        Assert.Equal(after, rest);

        var initial = output[..0x1D3];
        Assert.True(McsConnectInitial.TryLocate(initial, out var blocks));
        Assert.Equal("0C040000", Convert.ToHexString(initial[blocks.Core][16..20]));
        Assert.True(ClientNetwork.TryReadNames(initial[blocks.Network], out var names));
        Assert.Equal(["deny00", "rdpsnd", "deny02", "drdynvc"], names);
        Assert.Equal(Capture.StartUp[0x1D3..0x22F], output[0x1D3..0x22F]);
        Assert.True(ClientInfo.TryRead(output.AsSpan(0x22F), out var info));
        Assert.Equal(("bureau", "secret-du-bureau"), (info!.UserName, info.Password));
    }

    [Fact]
    public void What_the_person_typed_as_a_password_does_not_reach_the_target()
    {
        var (_, output, _) = Run(Plan, Capture.StartUp);
        Assert.DoesNotContain("Mot-de-passe-7", Encoding.Unicode.GetString(output.AsSpan(0x22F + 1)), StringComparison.Ordinal);
        Assert.DoesNotContain("Mot-de-passe-7", Encoding.Unicode.GetString(output.AsSpan(0x22F)), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_output()
    {
        byte[] bytes = [.. Capture.StartUp, 9, 9, 9];
        var expected = Run(Plan, bytes);
        Gen.Int[1, 400].Array[1, 40].Sample(sizes =>
        {
            var sequence = new RdpConnectSequence(Plan);
            var output = new ArrayBufferWriter<byte>();
            var held = Array.Empty<byte>();
            var result = ReadResult.NeedMore;
            for (int at = 0, turn = 0; at < bytes.Length && result == ReadResult.NeedMore; turn++)
            {
                var size = Math.Min(sizes[turn % sizes.Length], bytes.Length - at);
                var input = Split.At([.. held, .. bytes[at..(at + size)]], turn * 7, turn * 31);
                at += size;
                result = sequence.Advance(ref input, output);
                held = input.ToArray();
                if (result == ReadResult.Complete)
                    held = [.. held, .. bytes[at..]];
            }

            Assert.Equal(ReadResult.Complete, result);
            Assert.Equal(expected.Output, output.WrittenSpan.ToArray());
            Assert.Equal(expected.Left, held);
        });
    }

    [Fact]
    public void One_byte_at_a_time_is_enough()
    {
        var sequence = new RdpConnectSequence(Plan);
        var output = new ArrayBufferWriter<byte>();
        List<byte> held = [];
        var results = new List<ReadResult>();
        foreach (var octet in Capture.StartUp)
        {
            held.Add(octet);
            var input = new ReadOnlySequence<byte>(held.ToArray());
            results.Add(sequence.Advance(ref input, output));
            held = [.. input.ToArray()];
        }

        Assert.All(results.SkipLast(1), r => Assert.Equal(ReadResult.NeedMore, r));
        Assert.Equal(ReadResult.Complete, results[^1]);
        Assert.Equal(Run(Plan, Capture.StartUp).Output, output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Credssp_passes_and_the_channels_are_still_policed_behind_it()
    {
        byte[] request = [0x30, 0x81, 0x80, .. new byte[0x80]];
        byte[] next = [0x30, 0x03, 1, 2, 3];
        var (result, output, _) = Run(Plan with { Credentials = null }, [.. request, .. next, .. Capture.StartUp]);
        Assert.Equal(ReadResult.Complete, result);
        Assert.Equal([.. request, .. next], output[..(request.Length + next.Length)]);
        Assert.DoesNotContain("cliprdr", Encoding.Latin1.GetString(output), StringComparison.Ordinal);
        Assert.True(ClientInfo.TryRead(output.AsSpan(request.Length + next.Length + 0x22F), out var info));
        Assert.Equal("Mot-de-passe-7", info!.Password);
    }

    [Theory]
    [InlineData("47455420", RdpConnectFault.NotAFrame)]
    [InlineData("0300FFFF", RdpConnectFault.NotAFrame)] // longer than any start-up PDU
    [InlineData("30840000", RdpConnectFault.NotAFrame)]
    [InlineData("0300000702F080", RdpConnectFault.BadConnectInitial)]
    [InlineData("0300000802F08028", RdpConnectFault.BadConnectInitial)] // a join before Connect Initial
    public void What_is_no_start_up_is_refused(string hex, RdpConnectFault fault)
    {
        var sequence = new RdpConnectSequence(Plan);
        var input = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(ReadResult.Malformed, sequence.Advance(ref input, new ArrayBufferWriter<byte>()));
        Assert.Equal(fault, sequence.Fault);
    }

    [Fact]
    public void A_refusal_stands_whatever_comes_after()
    {
        var sequence = new RdpConnectSequence(Plan);
        var output = new ArrayBufferWriter<byte>();
        var bad = new ReadOnlySequence<byte>([0xFF]);
        var good = new ReadOnlySequence<byte>(Capture.StartUp);
        Assert.Equal(ReadResult.Malformed, sequence.Advance(ref bad, output));
        Assert.Equal(ReadResult.Malformed, sequence.Advance(ref good, output));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void A_second_connect_initial_is_refused()
    {
        var (result, output, _) = Run(Plan, [.. Capture.ConnectInitial, .. Capture.ConnectInitial]);
        Assert.Equal(ReadResult.Malformed, result);
        Assert.Equal(Capture.ConnectInitial.Length, output.Length);
    }

    [Fact]
    public void Client_info_on_another_channel_does_not_draw_the_password_there()
    {
        var stray = Capture.ClientInfo;
        stray[11] = 0xEE;
        var (result, output, _) = Run(Plan, [.. Capture.ConnectInitial, .. stray]);
        Assert.Equal(ReadResult.Malformed, result);
        Assert.Equal(Capture.ConnectInitial.Length, output.Length);
    }

    [Fact]
    public void Endless_joins_are_refused()
    {
        byte[] join = [0x03, 0, 0, 0x0C, 0x02, 0xF0, 0x80, 0x38, 0, 7, 0x03, 0xEC];
        var (result, _, _) = Run(Plan, [.. Capture.ConnectInitial, .. Enumerable.Repeat(join, 100).SelectMany(j => j)]);
        Assert.Equal(ReadResult.Malformed, result);
    }

    [Fact]
    public void A_client_without_channels_is_let_through()
    {
        var frame = Capture.ConnectInitial;
        // CS_NET becomes CS_MONITOR to anyone who reads it, so the list of channels is absent.
        frame[frame.AsSpan().IndexOf<byte>([0x03, 0xC0, 0x38])] = 0x05;
        Assert.Equal(ReadResult.NeedMore, Run(Plan, frame).Result);
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, Capture.StartUp.Length], Gen.Int[0, 400].Array[0, 4]).Sample((bytes, keep, cuts) =>
        {
            var input = Split.At([.. Capture.StartUp[..keep], .. bytes], cuts);
            new RdpConnectSequence(Plan).Advance(ref input, new ArrayBufferWriter<byte>());
        });

    private static (ReadResult Result, byte[] Output, byte[] Left) Run(RdpConnectPlan plan, byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        var input = new ReadOnlySequence<byte>(bytes);
        var result = new RdpConnectSequence(plan).Advance(ref input, output);
        return (result, output.WrittenSpan.ToArray(), input.ToArray());
    }
}
