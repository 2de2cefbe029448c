using CsCheck;
using Relais.Audience.Numerics.Radio;
using static Relais.Audience.Numerics.Tests.Radio.GeneratedDiary;

namespace Relais.Audience.Numerics.Tests.Radio;

public sealed class IndicatorPropertiesTests
{
    [Fact]
    public void The_order_of_respondents_changes_nothing() => Any.Sample(people =>
        Same(Table(people), Table([.. people.Reverse()]), Points) && Same(Table(people), Table([.. people.Reverse()]), Errors, 1e-6));

    [Fact]
    public void The_order_of_rows_and_a_row_given_twice_change_nothing() => Any.Sample(people =>
    {
        var shuffled = people.Select(person => person with { Heard = [.. person.Heard.Reverse(), .. person.Heard.Take(2)] }).ToArray();
        return Cells(Table(people)).SequenceEqual(Cells(Table(shuffled)));
    });

    [Fact]
    public void Splitting_a_respondent_into_two_of_half_the_weight_changes_no_figure() => Any.Sample(people =>
    {
        var half = people[0] with { Weight = people[0].Weight / 2 };
        return Same(Table(people), Table([half, half, .. people[1..]]), Points);
    });

    [Fact]
    public void Scaling_the_weights_scales_totals_and_nothing_else() => Any.Sample(people =>
    {
        var scaled = Table([.. people.Select(person => person with { Weight = person.Weight * 1000 })]);
        return Same(Table(people), scaled, cell => [cell.Universe * 1000, cell.Ac * 1000, cell.Qhm * 1000, cell.VolumeQuarterHours * 1000],
                cell => [cell.Universe, cell.Ac, cell.Qhm, cell.VolumeQuarterHours])
            && Same(Table(people), scaled, cell => [cell.AcPct, cell.QhmPct, cell.DeaMinutes, cell.PdaPct])
            && Same(Table(people), scaled, cell => [cell.AcSe * 1000, cell.QhmSe * 1000], cell => [cell.AcSe, cell.QhmSe], 1e-6);
    });

    [Fact]
    public void A_group_of_one_station_is_that_station() => Any.Sample(people =>
    {
        var table = Table(people);
        return InEachBand(table, (target, band) => Close(Points(table[target, band, 2]), Points(table[target, band, table.RowOfStation(2)]), 1e-12)
            && Close(Errors(table[target, band, 2]), Errors(table[target, band, table.RowOfStation(2)]), 1e-6));
    });

    [Fact]
    public void A_group_of_all_stations_is_total_radio() => Any.Sample(people =>
    {
        var table = Table(people);
        return InEachBand(table, (target, band) => Close(Points(table[target, band, 3]), Points(table[target, band, 0]), 1e-12));
    });

    [Fact]
    public void The_audience_of_a_group_lies_between_its_largest_station_and_their_sum() => Any.Sample(people =>
    {
        var table = Table(people);
        return InEachBand(table, (target, band) =>
        {
            var (one, other, both) = (table[target, band, table.RowOfStation(0)], table[target, band, table.RowOfStation(1)], table[target, band, 1]);
            return both.Ac >= Math.Max(one.Ac, other.Ac) - 1e-9 && both.Ac <= one.Ac + other.Ac + 1e-9
                && both.Qhm <= one.Qhm + other.Qhm + 1e-9 && Math.Abs(both.VolumeQuarterHours - one.VolumeQuarterHours - other.VolumeQuarterHours) < 1e-9;
        });
    });

    [Fact]
    public void Audience_times_time_spent_is_the_quarter_hours_listened() => Any.Sample(people =>
    {
        var table = Table(people);
        return InEachBand(table, (target, band) => Enumerable.Range(0, table.Rows).Select(row => table[target, band, row])
            .All(cell => cell.Listeners == 0 || Math.Abs(cell.Ac * cell.DeaMinutes - 15 * Bands[band].QuarterHours.Count * cell.Qhm) < 1e-9 * cell.Ac * cell.DeaMinutes));
    });

    [Fact]
    public void The_number_of_threads_changes_not_a_single_bit() => Any.Sample(people =>
        Cells(Table(people, threads: 1)).SequenceEqual(Cells(Table(people, threads: 4))));

    [Fact]
    public void A_station_that_nobody_heard_has_no_time_spent_and_an_audience_of_nothing()
    {
        var table = Table([new(2, 0, true, [(0, 3)]), new(3, 0, true, [])]);
        var unheard = table[0, 0, table.RowOfStation(3)];
        Assert.Equal((0, 0.0, 0.0, 0.0), (unheard.Listeners, unheard.Ac, unheard.AcSe, unheard.PdaPct));
        Assert.True(double.IsNaN(unheard.DeaMinutes) && double.IsNaN(unheard.DeaMinutesSe));
        Assert.True(double.IsNaN(table[0, 1, 0].PdaPct));
    }

    [Fact]
    public void A_stratum_of_one_respondent_is_told_and_gives_no_standard_error()
    {
        Person[] people = [new(2, 0, true, [(0, 3)]), new(3, 1, true, [(1, 3)]), new(3, 1, true, [])];
        Assert.Equal([0], Sample(people).LoneStrata);
        Assert.True(double.IsNaN(Table(people)[0, 0, 0].AcPctSe));
        Assert.Equal(100 * 5.0 / 8, Table(people)[0, 0, 0].AcPct);
    }

    [Fact]
    public void Weights_and_strata_must_be_one_a_respondent()
    {
        var listening = Sample([new(2, 0, true, []), new(3, 0, true, [])]).Listening;
        Assert.Throws<ArgumentException>(() => new RadioSample(listening, [1]));
        Assert.Throws<ArgumentException>(() => new RadioSample(listening, [1, double.NaN]));
        Assert.Throws<ArgumentException>(() => new RadioSample(listening, [1, 1], [0]));
    }

    private static double[] Points(Indicators cell) =>
        [cell.Interviews > 0 ? cell.Universe : 0, cell.Ac, cell.AcPct, cell.Qhm, cell.QhmPct, cell.VolumeQuarterHours, cell.DeaMinutes, cell.PdaPct];

    private static double[] Errors(Indicators cell) => [cell.AcSe, cell.AcPctSe, cell.QhmSe, cell.QhmPctSe, cell.DeaMinutesSe, cell.PdaPctSe];

    private static bool InEachBand(IndicatorTable table, Func<int, int, bool> holds) =>
        Enumerable.Range(0, 2).All(target => Enumerable.Range(0, table.Request.Bands.Count).All(band => holds(target, band)));

    private static bool Same(IndicatorTable one, IndicatorTable other, Func<Indicators, double[]> figures, double within = 1e-12) =>
        Same(one, other, figures, figures, within);

    private static bool Same(IndicatorTable one, IndicatorTable other, Func<Indicators, double[]> ofOne, Func<Indicators, double[]> ofOther, double within = 1e-12) =>
        Cells(one).Zip(Cells(other)).All(pair => Close(ofOne(pair.First), ofOther(pair.Second), within));

    // Standard errors of a few people cancel nearly to nothing, so what counts as the same is absolute below 1.
    private static bool Close(double[] one, double[] other, double within) =>
        one.Zip(other).All(pair => pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= within * Math.Max(1, Math.Abs(pair.First)));
}
