using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Numerics.Tests.Radio;

public sealed class DuplicationTests
{
    private static readonly RadioSample Sample = ReferenceDiary.Sample;
    private static readonly QuarterHours Day = BroadcastDay.French.Whole;
    private static readonly Duplication Matrix = Duplication.From(Sample, RespondentMask.All(Sample.Respondents), Day);

    [Fact]
    public void The_diagonal_is_each_stations_own_audience_with_its_error()
    {
        var table = ComputeIndicators.From(Sample, new([Target.All(Sample.Respondents)], [new("day", Day)], []));
        for (var station = 0; station < 10; station++)
        {
            var own = table[0, 0, table.RowOfStation(station)];
            Assert.Equal(own.Ac, Matrix.Both(station, station), own.Ac * 1e-12);
            Assert.Equal(own.AcSe, Matrix.BothSe(station, station), own.AcSe * 1e-9);
            Assert.Equal(own.Listeners, Matrix.BothInterviews(station, station));
        }
    }

    [Fact]
    public void Both_of_two_stations_is_what_their_sum_counts_twice()
    {
        var table = ComputeIndicators.From(Sample, new([Target.All(Sample.Respondents)], [new("day", Day)], [new("S1 and S2", [0, 1])]));
        var (one, other, union) = (table[0, 0, table.RowOfStation(0)].Ac, table[0, 0, table.RowOfStation(1)].Ac, table[0, 0, 1].Ac);
        Assert.Equal(one + other - union, Matrix.Both(0, 1), 1e-6);
        Assert.Equal(Matrix.Both(0, 1), Matrix.Both(1, 0));
        Assert.Equal(100 * Matrix.Both(0, 1) / one, Matrix.AlsoPct(0, 1), 1e-9);
    }

    [Fact]
    public void Exclusive_listeners_are_those_whom_total_radio_loses_without_the_station()
    {
        var table = ComputeIndicators.From(Sample, new([Target.All(Sample.Respondents)], [new("day", Day)], [new("without S4", [0, 1, 2, 4, 5, 6, 7, 8, 9])]));
        Assert.Equal(table[0, 0, 0].Ac - table[0, 0, 1].Ac, Matrix.Exclusive(3), 1e-6);
        Assert.Equal(table[0, 0, 0].Listeners - table[0, 0, 1].Listeners, Matrix.ExclusiveInterviews(3));
        Assert.True(Matrix.ExclusiveSe(3) > 0);
    }
}
