using System.Text.Json.Nodes;
using CsCheck;
using Relais.Desktops.Usage;

namespace Relais.Tests.Desktops;

/// <summary>What follows from what desktops took.</summary>
public sealed class UsageRules
{
    private static readonly DateOnly Day = new(2026, 11, 27);

    [Fact]
    public void A_steady_week_comes_again_as_it_was() =>
        Gen.Int[1, 600].Sample(most =>
        {
            var peak = Forecast.Of(History(56, (day, hour) => IsWorkday(day) && hour == 9 ? most : most / 2), Day, 0);
            Assert.NotNull(peak);
            Assert.Equal(9, peak.Hour);
            Assert.Equal(most, peak.Value, 6);
            Assert.Equal(0, peak.Error, 6);
        }, iter: 20);

    [Fact]
    public void A_range_holds_its_value_and_is_never_negative() =>
        Gen.Int[0, 600].Array[24 * 56].Sample(values =>
        {
            var peak = Forecast.Of(History(56, (day, hour) => values[((Day.DayNumber - day.DayNumber - 1) * 24) + hour]), Day, 0);
            Assert.NotNull(peak);
            Assert.InRange(peak.Value, peak.Low, peak.High);
            Assert.True(peak.Low >= 0);
        }, iter: 20);

    [Fact]
    public void One_odd_day_moves_nothing_and_growth_goes_on()
    {
        var odd = Forecast.Of(History(56, (day, hour) => hour == 9 ? day == Day.AddDays(-14) ? 5 : 400 : 100), Day, 0);
        Assert.Equal(400, odd?.Value ?? 0, 6);
        var growing = Forecast.Of(History(56, (day, _) => 1000 - ((Day.DayNumber - day.DayNumber) / 7 * 10)), Day, 0);
        Assert.Equal(1000, growing?.Value ?? 0, 6);
    }

    [Fact]
    public void Too_little_history_gives_no_answer()
    {
        Assert.Null(Forecast.Of([], Day, 0));
        Assert.Null(Forecast.Of(History(20, (_, _) => 10), Day, 0));
        Assert.Null(Forecast.Of(History(22, (_, _) => 10), Day, 0));
        Assert.NotNull(Forecast.Of(History(27, (_, _) => 10), Day, 0));
    }

    [Fact]
    public void Sizes_are_judged_by_what_was_needed()
    {
        Assert.Equal(Verdict.TooLittleSeen, Verdicts.Of(5, true, 100, 2048));
        Assert.Equal(Verdict.Unused, Verdicts.Of(50, false, 100, 2048));
        Assert.Equal(Verdict.TooLarge, Verdicts.Of(50, true, 600, 2048));
        Assert.Equal(Verdict.Fits, Verdicts.Of(50, true, 1200, 2048));
        Assert.Equal(Verdict.TooSmall, Verdicts.Of(50, true, 2000, 2048));
        Assert.Equal(1024, Verdicts.SuggestMiB(Verdict.TooLarge, 600, 2048));
        Assert.Equal(3072, Verdicts.SuggestMiB(Verdict.TooSmall, 2000, 2048));
        Assert.Null(Verdicts.SuggestMiB(Verdict.TooLarge, 100, 512));
    }

    [Fact]
    public void A_counter_that_went_back_began_anew()
    {
        var before = new UsageHour { Bundle = "b", CpuCounter = 9_000_000_000 };
        Assert.Equal(1, NoteUsage.CpuSeconds(before, 10_000_000_000));
        Assert.Equal(2, NoteUsage.CpuSeconds(before, 2_000_000_000));
        Assert.Equal(0, NoteUsage.CpuSeconds(null, 2_000_000_000));
    }

    [Fact]
    public void What_the_engine_says_is_read_and_what_is_stopped_is_left_out()
    {
        const string Row = "0197a0b0-0000-7000-8000-000000000001";
        JsonObject Said(string status) => (JsonObject)JsonNode.Parse($$"""
            {"status":"{{status}}","config":{"user.relais.desktop":"{{Row}}","limits.memory":"2GiB","limits.cpu":"2"},
             "state": { "memory": { "usage": 524288000 }, "cpu": { "usage": 7000000000 } } }
            """)!;
        Assert.Equal(new UsageSample(Guid.Parse(Row), false, 500, 2048, 2, 7_000_000_000), TakeSamples.Read(Said("Running")));
        Assert.True(TakeSamples.Read(Said("Frozen"))?.Frozen);
        Assert.Null(TakeSamples.Read(Said("Stopped")));
    }

    [Fact]
    public void A_name_that_a_spreadsheet_would_run_is_only_shown()
    {
        var line = new UsageApi.LineAnswer(Guid.Empty, "=HYPERLINK(\"x\"),a", "b", 1, 0, 1, 0, 0, 1, 2, null, "fits", null, null, null);
        Assert.Contains(",\"'=HYPERLINK(\"\"x\"\"),a\",b,1,", UsageApi.Csv([line]), StringComparison.Ordinal);
    }

    private static bool IsWorkday(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    private static List<HourPeak> History(int days, Func<DateOnly, int, double> of) =>
        [.. Enumerable.Range(1, days).SelectMany(back => Enumerable.Range(0, 24).Select(hour => new HourPeak(Day.AddDays(-back), hour, of(Day.AddDays(-back), hour))))];
}
