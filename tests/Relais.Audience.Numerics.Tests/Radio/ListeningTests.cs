using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Numerics.Tests.Radio;

public sealed class ListeningTests
{
    [Fact]
    public void The_same_rows_in_any_order_are_the_same_listening()
    {
        var rows = (from respondent in Enumerable.Range(0, 300)
                    from station in Enumerable.Range(0, 10)
                    where (respondent + station) % 3 > 0
                    from quarterHour in new[] { station, 40 + respondent % 30, 75 }
                    select (respondent, station, quarterHour)).ToArray();
        var sorted = Of(rows);
        Assert.Equal(2000, sorted.Pairs);
        for (var seed = 1; seed <= 5; seed++)
        {
            var shuffled = rows.Concat(rows.Take(500)).ToArray();
            new Random(seed).Shuffle(shuffled);
            var other = Of(shuffled);
            Assert.Equal(sorted.Pairs, other.Pairs);
            for (var respondent = 0; respondent < 300; respondent++)
            {
                Assert.Equal(sorted.StationsOf(respondent), other.StationsOf(respondent));
                Assert.Equal(sorted.HeardBy(respondent), other.HeardBy(respondent));
            }
        }
    }

    [Fact]
    public void Respondents_without_a_row_heard_nothing()
    {
        var listening = Of([(2, 1, 7)]);
        Assert.True(listening.StationsOf(0).IsEmpty);
        Assert.Equal([1], listening.StationsOf(2).ToArray());
        Assert.Equal(QuarterHours.At(7), listening.HeardBy(2)[0]);
    }

    [Fact]
    public void A_day_of_24_hours_fits()
    {
        var rows = new ListeningRows(new(300, 96));
        rows.Add(0, 0, 95);
        rows.Add(0, 0, QuarterHours.Between(60, 70));
        Assert.Equal(11, rows.Build(1, 1).HeardBy(0)[0].Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Add(0, 0, QuarterHours.At(96)));
    }

    [Fact]
    public void A_row_beyond_the_respondents_or_stations_told_is_refused()
    {
        var rows = new ListeningRows(BroadcastDay.French);
        rows.Add(5, 3, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Build(5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Build(6, 3));
        Assert.Equal(1, rows.Build(6, 4).Pairs);
    }

    [Fact]
    public void The_curve_of_quarter_hours_averages_to_the_day()
    {
        var sample = ReferenceDiary.Sample;
        Target[] everybody = [Target.All(sample.Respondents)];
        var day = ComputeIndicators.From(sample, new(everybody, [new("day", BroadcastDay.French.Whole)], []));
        var curve = QuarterHourCurve.From(sample, everybody, []);
        Assert.Equal(("0500", "2345"), (curve.Request.Bands[0].Name, curve.Request.Bands[^1].Name));
        for (var row = 0; row < curve.Rows; row++)
        {
            var points = Enumerable.Range(0, 76).Select(quarterHour => curve[0, quarterHour, row]).ToList();
            Assert.All(points, point => Assert.Equal(point.Ac, point.Qhm));
            Assert.Equal(day[0, 0, row].Qhm, points.Average(point => point.Qhm), day[0, 0, row].Qhm * 1e-12);
        }
    }

    private static Listening Of((int Respondent, int Station, int QuarterHour)[] rows)
    {
        var collected = new ListeningRows(BroadcastDay.French);
        foreach (var (respondent, station, quarterHour) in rows)
            collected.Add(respondent, station, quarterHour);
        return collected.Build(300, 10);
    }
}
