using CsCheck;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Protocols.Tests.Rtp;

public sealed class RtcpTests
{
    private static readonly Gen<ReportBlock> Blocks = Gen.Select(
        Gen.UInt, Gen.Byte, Gen.Int[-0x800000, 0x7FFFFF], Gen.UInt, Gen.UInt, Gen.Select(Gen.UInt, Gen.UInt),
        (source, fraction, lost, highest, jitter, last) => new ReportBlock(source, fraction, lost, highest, jitter, last.Item1, last.Item2));

    [Fact]
    public void A_report_is_read_as_it_was_written() =>
        Gen.Select(Gen.UInt, Gen.Nullable(Gen.ULong), Blocks.Array[0, 31], Gen.String[Gen.Char['a', 'z'], 0, 40]).Sample((sender, ntp, blocks, name) =>
        {
            var report = new RtcpReport(sender, ntp, ntp is null ? 0u : 7u, ntp is null ? 0u : 8u, ntp is null ? 0u : 9u, blocks);
            var bytes = new byte[2000];
            var length = Rtcp.Write(bytes, report, name);
            Assert.Equal(0, length % 4);
            Assert.True(Rtcp.TryRead(bytes.AsSpan(0, length), out var compound));
            var read = Assert.Single(compound.Reports);
            Assert.Equal(report with { Blocks = read.Blocks }, read);
            Assert.Equal(blocks, read.Blocks);
        });

    [Fact]
    public void A_goodbye_names_who_left()
    {
        var bytes = Convert.FromHexString("80C9000100000001" + "82CB00020000000A0000000B");
        Assert.True(Rtcp.TryRead(bytes, out var compound));
        Assert.Equal([10u, 11u], compound.Left);
    }

    [Theory]
    [InlineData("80C90002000000010000")]
    [InlineData("81C9000100000001")]
    [InlineData("80C9000100000001FF")]
    [InlineData("00C9000100000001")]
    public void Lengths_that_do_not_add_up_are_refused(string bytes) => Assert.False(Rtcp.TryRead(Convert.FromHexString(bytes), out _));

    [Fact]
    public void The_round_trip_leaves_out_the_time_that_the_other_side_kept_the_report()
    {
        // RFC 3550, figure 2: the report of 0xB705:2000, kept for 5.25 s, comes back at 0xB710:8000.
        var block = new ReportBlock(1, 0, 0, 0, 0, Rtcp.Middle(0xB44D_B705_2000_0000), 0x0005_4000);
        Assert.Equal(TimeSpan.FromSeconds(6.125), block.RoundTrip(0xB710_8000));
        Assert.Null(new ReportBlock(1, 0, 0, 0, 0, 0, 0).RoundTrip(5));
        Assert.Null(new ReportBlock(1, 0, 0, 0, 0, 100, 50).RoundTrip(120));
    }

    [Fact]
    public void Ntp_counts_from_1900()
    {
        Assert.Equal(0x83AA_7E80_0000_0000UL, Rtcp.Ntp(DateTimeOffset.UnixEpoch));
        Assert.Equal(0x83AA_7E80_8000_0000UL, Rtcp.Ntp(DateTimeOffset.UnixEpoch + TimeSpan.FromMilliseconds(500)));
    }
}
