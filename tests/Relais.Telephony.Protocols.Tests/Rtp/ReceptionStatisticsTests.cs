using CsCheck;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Protocols.Tests.Rtp;

public sealed class ReceptionStatisticsTests
{
    [Fact]
    public void A_regular_stream_loses_nothing_and_does_not_jitter_also_where_its_numbers_wrap()
    {
        var seen = new ReceptionStatistics(8000);
        for (var i = 0; i < 70_000; i++)
            Assert.True(seen.Add((ushort)(65_000 + i), (uint)(4_294_900_000 + (160L * i)), TimeSpan.FromMilliseconds(20 * i)));
        Assert.Equal((70_000, 70_000, 0), (seen.Received, seen.Expected, seen.Lost));
        Assert.Equal(TimeSpan.Zero, seen.Jitter);
        Assert.Equal(65_000u + 69_999, seen.HighestSequence);
    }

    [Fact]
    public void What_never_came_is_counted_whatever_the_order_of_the_others() =>
        Gen.Select(Gen.UShort, Gen.Bool.Array[50, 400], Gen.Int).Sample((first, came, seed) =>
        {
            came[0] = came[^1] = true;
            var seen = new ReceptionStatistics(8000);
            var shuffle = new Random(seed);
            // Neighbours may change places, as on a real network.
            var order = Enumerable.Range(0, came.Length).Where(i => came[i]).OrderBy(i => i == 0 ? -1.0 : i + (shuffle.NextDouble() * 3)).ToList();
            foreach (var i in order)
                seen.Add((ushort)(first + i), (uint)(160 * i), TimeSpan.FromMilliseconds(20 * i));
            Assert.Equal(came.Length, seen.Expected);
            Assert.Equal(came.Count(c => !c), seen.Lost);
        });

    [Fact]
    public void The_fraction_is_of_the_packets_since_the_last_report()
    {
        var seen = new ReceptionStatistics(8000);
        for (var i = 0; i < 100; i++)
        {
            if (i % 4 != 1)
                seen.Add((ushort)i, (uint)(160 * i), TimeSpan.FromMilliseconds(20 * i));
        }

        Assert.Equal(64, seen.TakeFractionLost());
        for (var i = 100; i < 200; i++)
            seen.Add((ushort)i, (uint)(160 * i), TimeSpan.FromMilliseconds(20 * i));
        Assert.Equal(0, seen.TakeFractionLost());
        Assert.Equal(0, seen.TakeFractionLost());
    }

    [Fact]
    public void Jitter_is_that_of_the_standards_formula()
    {
        var seen = new ReceptionStatistics(8000);
        var expected = 0.0;
        for (var i = 0; i < 200; i++)
        {
            seen.Add((ushort)i, (uint)(160 * i), TimeSpan.FromMilliseconds((20 * i) + (i % 2 * 10)));
            if (i > 0)
                expected += (80 - expected) / 16;
        }

        Assert.Equal(expected / 8000, seen.Jitter.TotalSeconds, 1e-6);
    }

    [Fact]
    public void A_timestamp_as_far_off_as_can_be_is_no_jitter()
    {
        var seen = new ReceptionStatistics(8000);
        seen.Add(1, 0, TimeSpan.Zero);
        seen.Add(2, 0x8000_0000, TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, seen.Jitter);
    }

    [Fact]
    public void A_source_that_begins_anew_is_followed_and_a_stray_packet_is_not()
    {
        var seen = new ReceptionStatistics(8000);
        for (var i = 0; i < 10; i++)
            seen.Add((ushort)i, (uint)(160 * i), TimeSpan.FromMilliseconds(20 * i));
        Assert.False(seen.Add(30_000, 0, TimeSpan.FromMilliseconds(200)));
        Assert.True(seen.Add(10, 1600, TimeSpan.FromMilliseconds(200)));
        Assert.Equal(0, seen.Lost);

        Assert.False(seen.Add(40_000, 0, TimeSpan.FromMilliseconds(220)));
        Assert.True(seen.Add(40_001, 160, TimeSpan.FromMilliseconds(240)));
        Assert.Equal((1, 1), (seen.Received, seen.Expected));
    }
}
