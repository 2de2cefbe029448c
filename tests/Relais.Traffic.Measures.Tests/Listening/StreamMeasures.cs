using System.Globalization;
using CsCheck;
using Relais.Traffic.Measures.Listening;

namespace Relais.Traffic.Measures.Tests.Listening;

public sealed class StreamMeasures
{
    [Fact]
    public void A_day_of_synthetic_streams_gives_exactly_the_expected_measures()
    {
        var measures = ListeningMeasures.Of(Station("S1"), 24);
        var expected = File.ReadLines(Reference("expected_measures.csv")).Skip(1).Select(l => l.Split(',')).ToDictionary(l => l[1], l => double.Parse(l[2], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        Assert.Equal(expected["active_sessions_ge60s"], measures.ActiveSessions);
        Assert.Equal(expected["TLH_hours"], measures.Hours);
        Assert.Equal(expected["CUME"], measures.Listeners);
        Assert.Equal(expected["AAS"], measures.AverageSessions);
        Assert.Equal(expected["TSL_hours_per_listener"], measures.HoursPerListener);
        Assert.Equal(expected["ecoutes_actives_gt30s"], measures.ActiveListens);
        Assert.Equal(expected["duree_ecoute_hours_gt30s"], measures.ActiveListenHours);
        Assert.Equal(expected["duree_moyenne_s_gt30s"], measures.ActiveListenSeconds);
        Assert.Equal(expected["visits_30min"], measures.Visits);
        Assert.Equal(expected["peak_concurrent_connections"], measures.Peak);
        Assert.Equal(expected["peak_first_epoch"], measures.PeakAt);
    }

    [Fact]
    public void The_order_of_connections_changes_nothing()
    {
        var connections = Station("S2");
        var expected = ListeningMeasures.Of(connections, 24);
        Gen.Shuffle(connections).Sample(shuffled => Assert.Equal(expected, ListeningMeasures.Of(shuffled, 24)), iter: 20);
    }

    [Theory]
    [InlineData(179, 1)]
    [InlineData(180, 2)]
    public void A_pause_of_less_than_three_minutes_is_the_same_session(long pause, int sessions) =>
        Assert.Equal(sessions, ListeningMeasures.Of([new(1, 0, 100), new(1, 100 + pause, 300 + pause)], 1).ActiveSessions);

    [Theory]
    [InlineData(1799, 1)]
    [InlineData(1800, 2)]
    public void A_visit_ends_after_half_an_hour_of_nothing(long pause, int visits) =>
        Assert.Equal(visits, ListeningMeasures.Of([new(1, 0, 10), new(1, 10 + pause, 20 + pause)], 1).Visits);

    [Fact]
    public void Two_connections_of_one_player_at_once_are_heard_once_and_connected_twice()
    {
        var measures = ListeningMeasures.Of([new(1, 0, 3600), new(1, 1800, 5400)], 2);
        Assert.Equal((1.5, 1, 2, 1800), (measures.Hours, measures.ActiveSessions, measures.Peak, measures.PeakAt));
    }

    [Fact]
    public void Who_leaves_in_the_second_in_which_another_comes_is_not_counted_with_it() =>
        Assert.Equal((1, 0L), (ListeningMeasures.Of([new(1, 0, 60), new(2, 60, 120)], 1) is var m ? m.Peak : 0, m.PeakAt));

    [Fact]
    public void Where_nobody_listened_means_are_not_defined()
    {
        var none = ListeningMeasures.Of([], 24);
        Assert.Equal((0, 0, 0, 0L), (none.ActiveSessions, none.Visits, none.Peak, none.PeakAt));
        Assert.True(double.IsNaN(none.HoursPerListener) && double.IsNaN(none.ActiveListenSeconds));
    }

    private static Connection[] Station(string name) =>
        [.. File.ReadLines(Reference("connections.csv")).Skip(1).Select(l => l.Split(',')).Where(l => l[1] == name).Select(l => new Connection(int.Parse(l[0], CultureInfo.InvariantCulture), long.Parse(l[2], CultureInfo.InvariantCulture), long.Parse(l[3], CultureInfo.InvariantCulture)))];

    private static string Reference(string file) =>
        Path.Combine(Environment.GetEnvironmentVariable("RELAIS_TEST_ROOT") ?? throw new InvalidOperationException("RELAIS_TEST_ROOT names the repository."), "tests/Relais.Traffic.Measures.Tests/Reference", file);
}
