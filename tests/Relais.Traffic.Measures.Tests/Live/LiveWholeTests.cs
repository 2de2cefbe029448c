using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Records;
using Record = Relais.Traffic.Measures.Records.Record;

namespace Relais.Traffic.Measures.Tests.Live;

public sealed class LiveWholeTests
{
    private const long Now = 1_790_000_040_000;

    private readonly Guid _a = Guid.NewGuid();
    private readonly Guid _b = Guid.NewGuid();
    private readonly LiveWhole _whole = new();
    private ulong _ids;

    [Fact]
    public void Who_is_here_is_added_and_who_came_today_is_merged()
    {
        var totals = _whole.Add([Told(_a, 0, Of(listeners: 40, from: 2)), Told(_b, 700, Of(listeners: 30, from: 22))], _a);
        Assert.Equal((70, 2), (totals.Listeners, totals.Collectors));
        // Twenty of them were at both.
        Assert.InRange(totals.ListenersToday, 49, 51);
        var channel = Assert.Single(totals.Most(Dimension.Channel, 9));
        Assert.Equal(("A", 70), (channel.Text, channel.Listeners));
        Assert.Equal(700 + 5, totals.LagMs);
        Assert.Equal(Now - 5, totals.CountedUntilMs);
    }

    [Fact]
    public void A_collector_that_is_gone_takes_its_listeners_along_and_leaves_the_day()
    {
        _whole.Add([Told(_a, 0, Of(listeners: 40, from: 2)), Told(_b, 0, Of(listeners: 30, from: 101))], _a);
        var totals = _whole.Add([Told(_a, 0, Of(listeners: 40, from: 2))], _a);
        Assert.Equal((40, 1), (totals.Listeners, totals.Collectors));
        Assert.InRange(totals.ListenersToday, 69, 71);
        // The next day begins with nobody.
        var next = Of(listeners: 3, from: 2) with { DayFromMs = Now + 86_400_000 };
        Assert.Equal(3, _whole.Add([Told(_a, 0, next)], _a).ListenersToday);
    }

    [Fact]
    public void Starts_are_what_the_counts_have_grown_by_also_when_a_collector_began_again()
    {
        var own = new LivePicture { Starts = 10 };
        // Another's past is not of this second; one's own is.
        Assert.Equal(10, _whole.Add([Told(_a, 0, own), Told(_b, 0, new LivePicture { Starts = 500 })], _a).Starts);
        Assert.Equal(7, _whole.Add([Told(_a, 0, own with { Starts = 12 }), Told(_b, 0, new LivePicture { Starts = 505 })], _a).Starts);
        // Not seen for a while, then again.
        Assert.Equal(1, _whole.Add([Told(_a, 0, own with { Starts = 13 })], _a).Starts);
        Assert.Equal(4, _whole.Add([Told(_a, 0, own with { Starts = 13 }), Told(_b, 0, new LivePicture { Starts = 4 })], _a).Starts);
    }

    [Fact]
    public void Without_any_collector_there_is_nobody()
    {
        var totals = _whole.Add([], _a);
        Assert.Equal((0, 0, 0L, 0L), (totals.Listeners, totals.Collectors, totals.LagMs, totals.ListenersToday));
    }

    private static ToldPicture Told(Guid log, long ageMs, LivePicture picture) => new(log, ageMs, picture);

    private LivePicture Of(int listeners, ulong from)
    {
        var live = new LiveAggregate();
        live.BeginDay(Now - 3_600_000, Now + 3_600_000);
        for (var session = from; session < from + (ulong)listeners; session++)
            live.Take(new Record { Id = ++_ids, Kind = RecordKind.Start, Session = session * 0x9E3779B97F4A7C15UL, Site = 1, ReceivedMs = Now, Channel = "A"u8 });
        return live.Picture(Now - 5, 5);
    }
}
