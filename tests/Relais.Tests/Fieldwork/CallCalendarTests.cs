using CsCheck;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;

namespace Relais.Tests.Fieldwork;

public sealed class CallCalendarTests
{
    private static readonly CallCalendar Paris = new(new CallRules(), CallCalendar.Zone("Europe/Paris")!);

    [Theory]
    [InlineData("2026-03-02T09:59", false)] // Monday
    [InlineData("2026-03-02T10:00", true)]
    [InlineData("2026-03-02T13:00", false)]
    [InlineData("2026-03-02T14:00", true)]
    [InlineData("2026-03-02T19:59", true)]
    [InlineData("2026-03-02T20:00", false)]
    [InlineData("2026-03-07T11:00", false)] // Saturday
    [InlineData("2026-04-06T11:00", false)] // Easter Monday
    [InlineData("2026-05-14T11:00", false)] // Ascension
    [InlineData("2026-05-25T11:00", false)] // Whit Monday
    [InlineData("2026-07-14T11:00", false)]
    [InlineData("2026-07-15T11:00", true)]
    public void In_France_people_are_called_on_weekdays_from_10_to_13_and_14_to_20_and_not_on_holidays(string local, bool open) =>
        Assert.Equal(open, Paris.IsOpen(Paris.Instant(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture))));

    [Theory]
    [InlineData(2024, 3, 31)]
    [InlineData(2025, 4, 20)]
    [InlineData(2026, 4, 5)]
    [InlineData(2038, 4, 25)]
    public void Easter_is_where_the_calendar_has_it(int year, int month, int day) => Assert.Equal(new DateOnly(year, month, day), FrenchHolidays.Easter(year));

    [Fact]
    public void Friday_evening_leads_to_Monday_morning_across_summer_time()
    {
        // 27 March 2026 is a Friday; clocks go forward on the 29th.
        var friday = Paris.Instant(new DateTime(2026, 3, 27, 20, 30, 0));
        Assert.Equal(new DateTimeOffset(2026, 3, 30, 8, 0, 0, TimeSpan.Zero), Paris.NextOpen(friday, 0));
        // And back on 25 October.
        Assert.Equal(new DateTimeOffset(2026, 10, 26, 9, 0, 0, TimeSpan.Zero), Paris.NextOpen(Paris.Instant(new DateTime(2026, 10, 23, 20, 30, 0)), 0));
    }

    [Fact]
    public void A_time_that_summer_time_leaps_over_is_after_the_leap_and_one_that_comes_twice_is_the_first()
    {
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), Paris.Instant(new DateTime(2026, 3, 29, 2, 30, 0)));
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), Paris.Instant(new DateTime(2026, 10, 25, 2, 30, 0)));
    }

    [Fact]
    public void A_slot_that_is_used_up_is_passed_over()
    {
        var monday = Paris.Instant(new DateTime(2026, 3, 2, 10, 30, 0));
        Assert.Equal(monday, Paris.NextOpen(monday, 0));
        Assert.Equal(Paris.Instant(new DateTime(2026, 3, 2, 14, 0, 0)), Paris.NextOpen(monday, 0b001));
        Assert.Equal(Paris.Instant(new DateTime(2026, 3, 2, 17, 30, 0)), Paris.NextOpen(monday, 0b011));
        Assert.Equal(Paris.Instant(new DateTime(2026, 3, 3, 10, 0, 0)), Paris.NextOpen(Paris.Instant(new DateTime(2026, 3, 2, 18, 0, 0)), 0b110));
        Assert.Null(Paris.NextOpen(monday, 0b111));
    }

    [Fact]
    public void The_next_moment_is_open_not_before_and_there_is_none_earlier() =>
        Gen.Select(Gen.Int[0, 2 * 365 * 24 * 60], Gen.Int[0, 7], Gen.Int[0, 3]).Sample((minutes, spent, place) =>
        {
            var zone = new[] { "Europe/Paris", "America/Cayenne", "Pacific/Noumea", "Europe/London" }[place];
            var rules = new CallRules();
            var calendar = new CallCalendar(rules, CallCalendar.Zone(zone)!);
            var from = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes);
            if (calendar.NextOpen(from, spent) is not { } next)
            {
                Assert.Equal(7, spent);
                return;
            }

            Assert.True(next >= from);
            Assert.True(calendar.IsOpen(next));
            Assert.Equal(0, spent >> calendar.SlotAt(next) & 1);
            for (var earlier = from; earlier < next; earlier = earlier.AddMinutes(7))
                Assert.False(calendar.IsOpen(earlier) && (spent >> calendar.SlotAt(earlier) & 1) == 0, $"{earlier:O} before {next:O}");
        }, iter: 300);

    [Theory]
    [InlineData("01 23 45 67 89", 33123456789L)]
    [InlineData("+33 (0)1.23.45.67.89", 33123456789L)]
    [InlineData("0033-123456789", 33123456789L)]
    [InlineData("+32 2 555 12 12", 3225551212L)]
    [InlineData("+262 262 12 34 56", 262262123456L)]
    [InlineData("12", null)]
    [InlineData("01 23 45 67", null)]
    [InlineData("00 00 00 00 00", null)]
    [InlineData("téléphone", null)]
    [InlineData("+123456789012345678", null)]
    public void A_number_is_kept_in_its_international_form(string text, long? number) => Assert.Equal(number, PhoneNumber.Parse(text));

    [Fact]
    public void Arbitrary_text_is_a_number_or_none() => Gen.String.Sample(text => PhoneNumber.Parse(text) is null or > 0);

    [Fact]
    public void The_default_rules_have_no_fault_and_wrong_ones_say_which()
    {
        Assert.Null(new CallRules().Fault());
        Assert.Null(FieldworkApp.Anytime.Fault());
        Assert.Equal("hours-none", new CallRules { Hours = [] }.Fault());
        Assert.Equal("holidays", new CallRules { Holidays = "de" }.Fault());
        Assert.Equal("most-tries", new CallRules { MostTries = 0 }.Fault());
        var written = Relais.Fieldwork.FieldworkJson.Write(new CallRules());
        Assert.Equal(written, Relais.Fieldwork.FieldworkJson.Write(Relais.Fieldwork.FieldworkJson.Read<CallRules>(written)));
    }
}
