using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Numerics.Tests.Radio;

public sealed class BandTests
{
    private static readonly BroadcastDay Long = new(300, 96);

    [Theory]
    [InlineData("0500-2400", 0, 76)]
    [InlineData("0600-0900", 4, 12)]
    [InlineData("2345-2400", 75, 1)]
    [InlineData("2345-0000", 75, 1)]
    [InlineData("0600-0900+1700-1900", 4, 20)]
    [InlineData("0600-0900+0800-1000", 4, 16)]
    public void A_band_is_read_from_its_clock_times(string text, int first, int count)
    {
        var band = Band.TryParse(text, BroadcastDay.French, out var error);
        Assert.Null(error);
        Assert.Equal(count, band!.QuarterHours.Count);
        Assert.True(band.QuarterHours[first]);
        Assert.False(first > 0 && band.QuarterHours[first - 1]);
    }

    [Theory]
    [InlineData("2330-0100", 74, 6)]
    [InlineData("2330-2500", 74, 6)]
    [InlineData("0000-0500", 76, 20)]
    [InlineData("0500-0500", 0, 96)]
    public void A_day_of_24_hours_goes_on_after_midnight(string text, int first, int count)
    {
        var band = Band.TryParse(text, Long, out _);
        Assert.Equal((count, true), (band!.QuarterHours.Count, band.QuarterHours[first]));
    }

    [Theory]
    [InlineData("", "not an interval")]
    [InlineData("0600", "not an interval")]
    [InlineData("6-9", "not an interval")]
    [InlineData("0610-0900", "not an interval")]
    [InlineData("0675-0900", "not an interval")]
    [InlineData("0600-0900+", "not an interval")]
    [InlineData("0900-0600", "ends before it begins")]
    [InlineData("0600-0600", "ends before it begins")]
    [InlineData("0400-0600", "outside the broadcast day, 0500-2400")]
    [InlineData("2300-0100", "outside the broadcast day, 0500-2400")]
    [InlineData("2300-9900", "outside the broadcast day, 0500-2400")]
    public void A_band_that_is_no_part_of_the_day_is_refused_with_the_reason(string text, string reason)
    {
        Assert.Null(Band.TryParse(text, BroadcastDay.French, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Quarter_hours_are_named_by_their_beginning() =>
        Assert.Equal(["0500", "0515", "2345", "2500"], [.. new[] { 0, 1, 75, 80 }.Select(Long.ClockAt)]);

    [Fact]
    public void A_quarter_hour_outside_the_day_is_refused()
    {
        var rows = new ListeningRows(BroadcastDay.French);
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => rows.Add(0, 0, 76));
        Assert.Contains("0 to 75 (from 0500 to 2400)", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ListeningRows(new(301, 76)));
    }
}
