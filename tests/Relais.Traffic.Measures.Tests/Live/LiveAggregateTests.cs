using System.Text;
using CsCheck;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Records;
using Record = Relais.Traffic.Measures.Records.Record;

namespace Relais.Traffic.Measures.Tests.Live;

public sealed class LiveAggregateTests
{
    private const long Now = 1_790_000_040_000;

    private readonly LiveAggregate _live = new();
    private ulong _ids;
    private long _second = Now / 1000;

    public LiveAggregateTests()
    {
        _live.BeginDay(Now - 3_600_000, Now + 3_600_000);
        _live.Tick(Now);
    }

    [Fact]
    public void Whoever_starts_listens_until_they_stop_or_give_no_sign()
    {
        Take(RecordKind.Start, session: 1, at: Now);
        Take(RecordKind.Start, session: 2, at: Now);
        Take(RecordKind.Start, session: 3, at: Now, channel: "B");
        Assert.Equal((3, 2, 1), (_live.Listeners, On("A"), On("B")));
        Take(RecordKind.Stop, session: 1, at: Now + 1000);
        Assert.Equal((2, 1), (_live.Listeners, On("A")));
        Take(RecordKind.Heartbeat, session: 2, at: Now + 60_000);
        Pass(Now + LiveAggregate.ListenerMs + 1000);
        Assert.Equal((1, 1, 0), (_live.Listeners, On("A"), On("B")));
        Pass(Now + 60_000 + LiveAggregate.ListenerMs + 1000);
        Assert.Equal(0, _live.Listeners);
    }

    [Fact]
    public void Whoever_changes_the_channel_is_counted_on_the_new_one()
    {
        Take(RecordKind.Start, session: 1, at: Now);
        Take(RecordKind.Start, session: 1, at: Now + 1000, channel: "B");
        Assert.Equal((1, 0, 1), (_live.Listeners, On("A"), On("B")));
        // What comes late, out of its order, brings nobody back.
        Take(RecordKind.Stop, session: 1, at: Now + 2000, channel: "B");
        Take(RecordKind.Heartbeat, session: 1, at: Now + 1500, channel: "B");
        Assert.Equal(0, _live.Listeners);
    }

    [Fact]
    public void What_is_sent_twice_counts_once()
    {
        var start = new Record { Id = 77, Kind = RecordKind.Start, Session = 1, Site = 1, ReceivedMs = Now, Channel = "A"u8, Visitor = 5 };
        _live.Take(start);
        _live.Take(start);
        Assert.Equal((1, 1), (_live.Duplicates, _live.Counted));
        Assert.Equal(1, Cells(Dimension.All).Sum(c => c.Change.Starts));
    }

    [Fact]
    public void Heard_slots_are_told_by_many_beats_and_counted_once_in_the_minute_of_hearing()
    {
        Take(RecordKind.Heartbeat, session: 1, at: Now + 60_000, position: 60_000, played: 60_000);
        // The same again under another id, and one that overlaps.
        Take(RecordKind.Heartbeat, session: 1, at: Now + 60_000, position: 60_000, played: 60_000);
        Take(RecordKind.Heartbeat, session: 1, at: Now + 70_000, position: 70_000, played: 40_000);
        var minutes = Cells(Dimension.Channel).Where(c => c.Change.Slots > 0).ToDictionary(c => c.Minute, c => c.Change.Slots);
        Assert.Equal(7, minutes.Values.Sum());
        Assert.Equal(2, minutes.Count);
    }

    [Fact]
    public void Robots_count_nowhere()
    {
        _live.Take(new Record { Id = 1, Kind = RecordKind.PageView, Flags = RecordFlags.Bot, Site = 1, ReceivedMs = Now, Visitor = 3, Path = "/"u8 });
        Assert.Equal((1, 0, 0), (_live.Robots, _live.Counted, _live.Visitors));
        Assert.False(_live.HasCells);
    }

    [Fact]
    public void Visitors_leave_after_five_minutes_and_stay_in_the_day()
    {
        foreach (var visitor in new[] { 1UL, 2UL, 2UL })
            TakeView(Mixed(visitor), Now);
        Assert.Equal(2, _live.Visitors);
        Pass(Now + LiveAggregate.VisitorMs + 1000);
        Assert.Equal(0, _live.Visitors);
        Assert.Equal((0, 2), _live.Today());
        _live.BeginDay(Now + 3_600_000, Now + 90_000_000);
        Assert.Equal((0, 0), _live.Today());
    }

    [Fact]
    public void What_comes_hours_late_is_counted_in_its_minute_and_says_nothing_of_now()
    {
        Take(RecordKind.Start, session: 9, at: Now, age: 2 * 3_600_000);
        Assert.Equal((0, 1), (_live.Listeners, _live.Late));
        Assert.Equal((int)((Now - (2 * 3_600_000)) / 60_000), Assert.Single(Cells(Dimension.All)).Minute);
    }

    [Fact]
    public void A_clock_that_jumps_leaves_nobody_behind()
    {
        Take(RecordKind.Start, session: 1, at: Now);
        TakeView(7, Now);
        _live.Tick(Now - 7_200_000);
        Assert.Equal((1, 1), (_live.Listeners, _live.Visitors));
        _live.Tick(Now + 86_400_000);
        _live.Tick(Now + 86_401_000);
        Assert.Equal((0, 0), (_live.Listeners, _live.Visitors));
    }

    [Fact]
    public void What_was_counted_before_a_start_only_says_who_is_here()
    {
        var start = new Record { Id = 5, Kind = RecordKind.Start, Session = 1, Site = 1, ReceivedMs = Now, Channel = "A"u8 };
        _live.Take(start, counted: false);
        Assert.Equal((1, 0L, false), (_live.Listeners, _live.Counted, _live.HasCells));
        _live.Take(start);
        Assert.Equal((1, 1L), (_live.Listeners, _live.Duplicates));
    }

    [Fact]
    public void Made_up_channels_without_end_take_no_memory_without_end()
    {
        for (var i = 0; i < 5000; i++)
            Take(RecordKind.Start, session: (ulong)i + 1, at: Now, channel: $"C{i}");
        Assert.Equal(2001, _live.Now(Dimension.Channel, 9999).Count);
        Assert.Equal(3000, _live.Now(Dimension.Channel, 1)[0].Listeners);
        Assert.Equal(5000, _live.Listeners);
    }

    [Fact]
    public void However_records_are_repeated_and_committed_in_between_the_sums_are_the_same() => Gen.Int[1, 400].Array[1, 60].Sample(picks =>
    {
        var (live, sum) = (new LiveAggregate(), 0L);
        foreach (var pick in picks)
        {
            live.Take(new Record { Id = (UInt128)pick, Kind = RecordKind.Start, Session = (ulong)pick, Site = 1, ReceivedMs = Now + pick, Channel = "A"u8 });
            if (pick % 7 == 0)
                sum += live.TakeCells().Where(c => c.Value.Dimension is Dimension.All).Sum(c => c.Change.Starts);
        }

        sum += live.TakeCells().Where(c => c.Value.Dimension is Dimension.All).Sum(c => c.Change.Starts);
        Assert.Equal(picks.Distinct().Count(), sum);
        Assert.Equal(picks.Distinct().Count(), live.Listeners);
    });

    private void Take(RecordKind kind, ulong session, long at, string channel = "A", uint position = 0, uint played = 0, uint age = 0) => _live.Take(new Record
    {
        Id = ++_ids, Kind = kind, Session = session, Site = 1, ReceivedMs = at, AgeMs = age, Channel = Encoding.UTF8.GetBytes(channel), PositionMs = position, PlayedMs = played,
    });

    private void TakeView(ulong visitor, long at) =>
        _live.Take(new Record { Id = ++_ids, Kind = RecordKind.PageView, Site = 1, ReceivedMs = at, Visitor = visitor, Path = "/"u8 });

    private void Pass(long until)
    {
        while (_second < until / 1000)
            _live.Tick(++_second * 1000);
    }

    private int On(string channel) => _live.Now(Dimension.Channel, 10).SingleOrDefault(c => c.Value == channel).Listeners;

    private List<(int Minute, DimensionValue Value, LiveCellChange Change)> Cells(Dimension of) => [.. _live.TakeCells().Where(c => c.Value.Dimension == of)];

    private static ulong Mixed(ulong number) => number * 0x9E3779B97F4A7C15UL;
}
