using CsCheck;
using Relais.Traffic.Measures.Records;
using Record = Relais.Traffic.Measures.Records.Record;

namespace Relais.Traffic.Measures.Tests.Records;

public sealed class RecordTests
{
    private static Record Sample => new()
    {
        Id = new UInt128(1, 2), Kind = RecordKind.Heartbeat, Flags = RecordFlags.Consented | RecordFlags.FromFuture, Device = DeviceKind.Speaker, Site = 7,
        ReceivedMs = 1_790_000_000_123, AgeMs = 5000, Visitor = ulong.MaxValue, Session = 9, PositionMs = 30_000, PlayedMs = 20_000,
        Channel = "Radio Relais"u8, Path = "/direct"u8, Region = "FR-IDF"u8, Player = "web"u8, Source = "example.org"u8,
    };

    [Fact]
    public void A_record_is_read_as_it_was_written()
    {
        Span<byte> bytes = stackalloc byte[Record.MaxLength];
        var length = Sample.Write(bytes);
        Assert.Equal(Sample.Length, length);
        ReadOnlySpan<byte> from = bytes[..length];
        Assert.True(Record.TryRead(ref from, out var read));
        Assert.True(from.IsEmpty);
        Assert.Equal((Sample.Id, Sample.Kind, Sample.Flags, Sample.Device, Sample.Site), (read.Id, read.Kind, read.Flags, read.Device, read.Site));
        Assert.Equal((Sample.ReceivedMs, Sample.AgeMs, Sample.Visitor, Sample.Session), (read.ReceivedMs, read.AgeMs, read.Visitor, read.Session));
        Assert.Equal((Sample.PositionMs, Sample.PlayedMs), (read.PositionMs, read.PlayedMs));
        Assert.True(read.Channel.SequenceEqual(Sample.Channel) && read.Path.SequenceEqual(Sample.Path) && read.Region.SequenceEqual(Sample.Region));
        Assert.True(read.Player.SequenceEqual(Sample.Player) && read.Source.SequenceEqual(Sample.Source));
        Assert.Equal(1_789_999_995_123, read.HappenedMs);
    }

    [Fact]
    public void The_bytes_of_version_1_stay_as_they_are()
    {
        Span<byte> bytes = stackalloc byte[Record.MaxLength];
        var length = Sample.Write(bytes);
        Assert.Equal(
            "6c00014002051400020000000000000001000000000000007b6c50c4a00100008813000007000000ffffffffffffffff090000000000000030750000204e0000"
            + "0c526164696f2052656c616973072f6469726563740646522d494446037765620b6578616d706c652e6f7267",
            Convert.ToHexStringLower(bytes[..length]));
    }

    [Fact]
    public void Fields_that_a_later_program_adds_are_stepped_over()
    {
        Span<byte> bytes = stackalloc byte[Record.MaxLength + 8];
        var length = Sample.Write(bytes);
        bytes[64..length].CopyTo(bytes[72..]);
        bytes[64..72].Fill(0xee);
        (bytes[0], bytes[3]) = ((byte)(length + 8), 72);
        ReadOnlySpan<byte> from = bytes[..(length + 8)];
        Assert.True(Record.TryRead(ref from, out var read));
        Assert.True(from.IsEmpty && read.Source.SequenceEqual("example.org"u8));
    }

    [Fact]
    public void Nothing_is_read_of_a_record_that_is_cut_off()
    {
        Span<byte> bytes = stackalloc byte[Record.MaxLength];
        var length = Sample.Write(bytes);
        for (var cut = 0; cut < length; cut++)
        {
            ReadOnlySpan<byte> from = bytes[..cut];
            Assert.False(Record.TryRead(ref from, out _));
            Assert.Equal(cut, from.Length);
        }
    }

    [Fact]
    public void A_text_that_is_too_long_is_no_record() => Assert.Throws<ArgumentException>(() =>
        new Record { Kind = RecordKind.Hit, Path = new byte[256] }.Write(new byte[4096]));

    [Fact]
    public void No_bytes_make_the_reader_throw() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        if (bytes.Length > 5)
            (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]) = ((byte)bytes.Length, 0, 1, 64, (byte)(1 + bytes[4] % 6));
        ReadOnlySpan<byte> from = bytes;
        while (Record.TryRead(ref from, out var record))
            Assert.True(record.Length <= bytes.Length);
    });

    [Theory]
    [InlineData(0, 0, 0, -1)]
    [InlineData(10_000, 10_000, 0, 0)]
    [InlineData(10_001, 10_000, 0, 1)]
    [InlineData(30_000, 10_000, 2, 2)]
    [InlineData(uint.MaxValue, 1, 429_496, 429_496)]
    public void Heard_time_falls_into_slots_of_ten_seconds(uint position, uint played, int first, int last) =>
        Assert.Equal((first, last), new Record { PositionMs = position, PlayedMs = played }.HeardSlots);
}
