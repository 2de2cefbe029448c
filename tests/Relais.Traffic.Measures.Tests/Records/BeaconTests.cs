using System.Text;
using CsCheck;
using Relais.Traffic.Measures.Records;
using Record = Relais.Traffic.Measures.Records.Record;

namespace Relais.Traffic.Measures.Tests.Records;

public sealed class BeaconTests
{
    private const string Id = "i=0123456789abcdef0123456789abcdef";
    private static readonly string[] Parts = ["e=", "view", "beat", "&", "%", "+", "=", "i=0123456789abcdef0123456789abcdef", "p=/", "c=R", "n=1", "\0", "é"];
    private const string Player = Id + "&c=R&n=1f";

    [Fact]
    public void A_page_view_is_read_with_all_it_says()
    {
        Assert.Equal(BeaconFault.None, Beacon.Parse(Bytes($"?k=cle&e=view&{Id}&p=%2Fdirect%2F%C3%A9t%C3%A9&f=example.org&r=FR-IDF&u=moi&a=1500&zz=9&q"), out var beacon));
        Assert.Equal((RecordKind.PageView, 1500u, RecordFlags.None, false), (beacon.Kind, beacon.AgeMs, beacon.Flags, beacon.OptedOut));
        Assert.Equal(new UInt128(0x0123456789abcdef, 0x0123456789abcdef), beacon.Id);
        Assert.Equal("/direct/été", Encoding.UTF8.GetString(beacon.Path));
        Assert.Equal(("example.org", "FR-IDF", "moi"), (Encoding.UTF8.GetString(beacon.Source), Encoding.UTF8.GetString(beacon.Region), Encoding.UTF8.GetString(beacon.Visitor)));
    }

    [Fact]
    public void A_beat_is_read_with_what_was_heard()
    {
        Assert.Equal(BeaconFault.None, Beacon.Parse(Bytes("e=beat&i=01234567-89ab-cdef-0123-456789abcdef&n=00000000000000ff&c=Radio+Relais&x=65000&w=30000&l=web"), out var beacon));
        Assert.Equal((RecordKind.Heartbeat, 255UL, 65_000u, 30_000u), (beacon.Kind, beacon.Session, beacon.PositionMs, beacon.PlayedMs));
        Assert.Equal("Radio Relais", Encoding.UTF8.GetString(beacon.Channel));
        Assert.Equal((3, 6), new Record { PositionMs = beacon.PositionMs, PlayedMs = beacon.PlayedMs }.HeardSlots);
    }

    [Theory]
    [InlineData("", BeaconFault.Empty)]
    [InlineData("?", BeaconFault.Empty)]
    [InlineData("hello", BeaconFault.NoKind)]
    [InlineData("{\"e\":\"view\"}", BeaconFault.NoKind)]
    [InlineData(Id + "&p=/", BeaconFault.NoKind)]
    [InlineData("e=visit&p=/&" + Id, BeaconFault.NoKind)]
    [InlineData("e=view&p=/", BeaconFault.NoId)]
    [InlineData("e=view&p=/&i=00000000000000000000000000000000", BeaconFault.NoId)]
    [InlineData("e=view&p=/&i=0123", BeaconFault.NoId)]
    [InlineData("e=view&p=/&" + Id + "0", BeaconFault.NoId)]
    [InlineData("e=view&" + Id, BeaconFault.MissingField)]
    [InlineData("e=beat&n=1&" + Id, BeaconFault.MissingField)]
    [InlineData("e=beat&c=R&" + Id, BeaconFault.MissingField)]
    [InlineData("e=beat&x=-1&" + Player, BeaconFault.BadNumber)]
    [InlineData("e=beat&x=99999999999&" + Player, BeaconFault.BadNumber)]
    [InlineData("e=beat&w=1s&" + Player, BeaconFault.BadNumber)]
    [InlineData("e=beat&c=R&n=xyz&" + Id, BeaconFault.BadNumber)]
    [InlineData("e=view&a=soon&p=/&" + Id, BeaconFault.BadNumber)]
    [InlineData("e=view&a=-60001&p=/&" + Id, BeaconFault.FromFuture)]
    [InlineData("e=view&p=%00&" + Id, BeaconFault.BadText)]
    [InlineData("e=view&p=\0&" + Id, BeaconFault.BadText)]
    [InlineData("e=view&p=%7f&" + Id, BeaconFault.BadText)]
    [InlineData("e=view&p=%ff&" + Id, BeaconFault.BadText)]
    [InlineData("e=view&p=%4&" + Id, BeaconFault.BadText)]
    [InlineData("e=view&p=%zz&" + Id, BeaconFault.BadText)]
    [InlineData("e=view&p=/&r=FR-IDF-75&" + Id, BeaconFault.BadText)]
    public void What_is_no_beacon_is_refused_for_its_reason(string text, BeaconFault fault) =>
        Assert.Equal(fault, Beacon.Parse(Bytes(text), out _));

    [Fact]
    public void A_beacon_has_a_longest_length_and_so_have_its_texts()
    {
        Assert.Equal(BeaconFault.TooLong, Beacon.Parse(Bytes($"e=view&{Id}&p=/".PadRight(Beacon.MaxLength + 1, 'x')), out _));
        Assert.Equal(BeaconFault.BadText, Beacon.Parse(Bytes($"e=view&{Id}&p=/{new string('x', 255)}"), out _));
        Assert.Equal(BeaconFault.None, Beacon.Parse(Bytes($"e=view&{Id}&p=/{new string('x', 254)}"), out _));
        Assert.Equal(BeaconFault.BadText, Beacon.Parse(Bytes($"e=start&{Player}&c={new string('x', 65)}"), out _));
    }

    [Theory]
    [InlineData("0", 0, RecordFlags.None)]
    [InlineData("-60000", 0, RecordFlags.FromFuture)]
    [InlineData("86400000", 86_400_000, RecordFlags.None)]
    [InlineData("86400001", 86_400_000, RecordFlags.AgeClamped)]
    [InlineData("9223372036854775807", 86_400_000, RecordFlags.AgeClamped)]
    public void An_age_is_believed_within_a_day_and_a_minute(string age, uint ms, RecordFlags flags)
    {
        Assert.Equal(BeaconFault.None, Beacon.Parse(Bytes($"e=view&p=/&{Id}&a={age}"), out var beacon));
        Assert.Equal((ms, flags), (beacon.AgeMs, beacon.Flags));
    }

    [Fact]
    public void No_more_is_heard_than_the_way_that_was_come()
    {
        Beacon.Parse(Bytes($"e=beat&{Player}&x=20000&w=30000"), out var soon);
        Assert.Equal(20_000u, soon.PlayedMs);
        Beacon.Parse(Bytes($"e=beat&{Player}&x=4000000000&w=4000000000"), out var much);
        Assert.Equal((4_000_000_000u, Beacon.MaxPlayedMs), (much.PositionMs, much.PlayedMs));
    }

    [Fact]
    public void Parsing_and_writing_allocate_nothing()
    {
        var text = Bytes($"?e=beat&{Player}&x=20000&w=10000&l=web&p=/direct&f=example.org");
        Span<byte> to = stackalloc byte[Record.MaxLength];
        Round(text, to);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Round(text, to);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void No_bytes_make_the_parser_throw() => Gen.OneOf(
            Gen.Byte.Array[0, 80],
            Gen.Int[0, Parts.Length - 1].Array[0, 14].Select(parts => Bytes(string.Concat(parts.Select(p => Parts[p])))))
        .Sample(bytes =>
        {
            var fault = Beacon.Parse(bytes, out var beacon);
            Assert.True(fault != BeaconFault.None || (beacon.Id != 0 && beacon.Kind != RecordKind.None));
        });

    private static void Round(byte[] text, Span<byte> to)
    {
        Beacon.Parse(text, out var beacon);
        var length = new Record { Id = beacon.Id, Kind = beacon.Kind, Channel = beacon.Channel, Path = beacon.Path, Player = beacon.Player, Source = beacon.Source }.Write(to);
        ReadOnlySpan<byte> from = to[..length];
        Record.TryRead(ref from, out _);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
