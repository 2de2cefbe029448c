using Relais.Fieldwork.Board;
using Relais.Fieldwork.Forecasts;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Productivity;
using Relais.Fieldwork.Rules;

namespace Relais.Tests.Fieldwork;

/// <summary>The arithmetic of fair comparison and forecast.</summary>
public sealed class SupervisionFiguresTests
{
    // Exact limits of a Poisson count, 95 %, from the chi-squared distribution.
    [Theory]
    [InlineData(5, 1.6235, 11.6683)]
    [InlineData(10, 4.7954, 18.3904)]
    [InlineData(50, 37.1110, 65.9188)]
    [InlineData(400, 361.7592, 441.1858)]
    public void The_interval_of_a_count_is_within_one_percent_of_the_exact_one(int count, double low, double high)
    {
        var interval = new EventRatio(count, 1).Interval(EventRatio.Usual)!.Value;
        Assert.InRange(interval.Low, low * 0.99, low * 1.01);
        Assert.InRange(interval.High, high * 0.99, high * 1.01);
    }

    [Fact]
    public void Nothing_is_said_of_whom_little_was_expected_or_whom_chance_explains()
    {
        Assert.Equal(0, new EventRatio(4, 1).Verdict);
        Assert.Equal(0, new EventRatio(14, 10).Verdict);
        Assert.Equal(1, new EventRatio(40, 15).Verdict);
        Assert.Equal(-1, new EventRatio(5, 20).Verdict);
        Assert.Null(new EventRatio(0, 0).Ratio);
        Assert.Null(new EventRatio(0, 0).Interval(EventRatio.Usual));
        Assert.Equal(0, new EventRatio(0, 4).Interval(EventRatio.Usual)!.Value.Low);
    }

    [Fact]
    public void Whoever_is_given_harder_calls_is_expected_less_and_expectations_add_up_to_what_was_done()
    {
        var (easy, hard) = (Guid.NewGuid(), Guid.NewGuid());
        List<WorkedCall> calls = [.. Calls(easy, slot: 2, times: 20, completed: 10), .. Calls(hard, slot: 0, times: 20, completed: 2)];
        calls.Add(Call(hard, 0, "quota-full", 1));
        var fair = new FairExpectation(calls);
        Assert.Equal(new EventRatio(10, 10), Rounded(fair.Of(calls.Where(c => c.Person == easy))));
        Assert.Equal(new EventRatio(2, 2), Rounded(fair.Of(calls.Where(c => c.Person == hard))));
        var third = Guid.NewGuid();
        calls.AddRange(Calls(third, slot: 2, times: 10, completed: 5));
        calls.AddRange(Calls(third, slot: 0, times: 10, completed: 9));
        fair = new FairExpectation(calls);
        Assert.Equal(26, calls.GroupBy(c => c.Person).Sum(g => fair.Of(g).Expected), 1e-9);
    }

    [Fact]
    public void A_cell_misses_by_its_pace_or_by_its_cases_and_too_little_observed_says_nothing()
    {
        Assert.Null(CellForecast.Of(new CellProgress(100, 10, 10, 1.5, 40, null, 0, 0)));
        Assert.Null(CellForecast.Of(new CellProgress(100, 100, 10, 20, 40, null, 0, 0)));
        // One an hour, forty hours left, ninety wanted.
        var pace = CellForecast.Of(new CellProgress(100, 10, 20, 20, 40, null, 0, 0))!;
        Assert.Equal((50, true, ForecastReason.Pace, 50), (pace.Missing, pace.Sure, pace.Reason, (int)pace.Expected));
        // At the upper end of what the pace may be it comes in time.
        var perhaps = CellForecast.Of(new CellProgress(56, 10, 20, 20, 40, null, 0, 0))!;
        Assert.Equal((6, false), (perhaps.Missing, perhaps.Sure));
        // One case in ten becomes an interview, and a hundred are left.
        var cases = CellForecast.Of(new CellProgress(60, 40, 40, 20, 100, 100, 400, 40))!;
        Assert.Equal((10, true, ForecastReason.Cases), (cases.Missing, cases.Sure, cases.Reason));
        Assert.Equal(20, CellForecast.Of(new CellProgress(60, 40, 40, 20, 100, 0, 5, 4))!.Missing);
        Assert.Equal(0, CellForecast.Of(new CellProgress(60, 40, 40, 20, 100, null, 0, 0))!.Missing);
    }

    [Fact]
    public void A_target_of_the_day_is_judged_by_the_hours_of_the_day()
    {
        var outlook = new WaveOutlook(DateTimeOffset.UnixEpoch, 100, 4, 5, [new CellOutlook(new CellLine(1, "sexe", "F", true, 100, 20, 0, false, false), 55, 20, null, null)]);
        Assert.Equal(15, outlook.Today(20, 60)!.Missing);
        var alerts = FindAlerts.LateToday(400, 500, outlook).ToList();
        Assert.Empty(alerts);
        Assert.Equal(["day-late"], FindAlerts.LateToday(40, 500, outlook).Select(a => a.Code));
        Assert.Equal(["cell-day-late"], FindAlerts.LateToday(400, 500, outlook with { Cells = [outlook.Cells[0] with { DayTarget = 100 }] }).Select(a => a.Code));
        Assert.Null((outlook with { HoursToday = 1 }).Today(20, 60));
    }

    [Fact]
    public void Hours_of_calling_leave_out_nights_lunch_weekends_and_holidays_and_know_summer_time()
    {
        var calendar = new CallCalendar(new CallRules(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));
        Assert.Equal(45, calendar.OpenTime(At(2030, 1, 7, 0), At(2030, 1, 14, 0)).TotalHours);
        Assert.Equal(1.5, calendar.OpenTime(At(2030, 1, 7, 12.5), At(2030, 1, 7, 15)).TotalHours);
        Assert.Equal(0, calendar.OpenTime(At(2030, 5, 1, 0), At(2030, 5, 2, 0)).TotalHours);
        Assert.Equal(0, calendar.OpenTime(At(2030, 1, 8, 0), At(2030, 1, 7, 0)).TotalHours);
        // Clocks go forward on 31 March 2030.
        var anytime = new CallCalendar(FieldworkApp.Anytime, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));
        Assert.Equal(23, anytime.OpenTime(At(2030, 3, 31, 0), At(2030, 4, 1, 0)).TotalHours, 1e-6);
    }

    private static DateTimeOffset At(int year, int month, int day, double hour)
    {
        var local = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified).AddHours(hour);
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris").GetUtcOffset(local));
    }

    private static EventRatio Rounded(EventRatio ratio) => ratio with { Expected = Math.Round(ratio.Expected, 9) };

    private static IEnumerable<WorkedCall> Calls(Guid person, int slot, int times, int completed) =>
        Enumerable.Range(0, times).Select(i => Call(person, slot, i < completed ? "complete" : "no-answer", 1));

    private static WorkedCall Call(Guid person, int slot, string outcome, int tries) =>
        new(person, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Outcome.Find(outcome)!, slot, tries, ByAppointment: false, Rejected: false);
}
