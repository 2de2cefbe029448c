using CsCheck;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Records;
using Record = Relais.Traffic.Measures.Records.Record;

namespace Relais.Traffic.Measures.Tests.Live;

/// <summary>Several collectors, each with a log of its own, that tell each other what they counted and who came.</summary>
public sealed class SharedCountsTests
{
    private const long Now = 1_790_000_040_000;

    private readonly Node _a = new();
    private readonly Node _b = new();

    [Fact]
    public void A_beacon_that_two_collectors_have_counts_at_the_one_whose_turn_came_first()
    {
        _a.Take(RecordKind.Start, id: 1, session: 1, at: Now);
        _b.Learn(_a.Tell());
        _b.Take(RecordKind.Start, id: 1, session: 1, at: Now + 100);
        _b.Take(RecordKind.Start, id: 2, session: 2, at: Now + 100);
        Assert.Equal((1L, 1L, 1L), (_a.Live.Starts, _b.Live.Starts, _b.Live.Duplicates));
    }

    [Fact]
    public void A_player_that_changes_its_collector_listens_at_the_new_one_only_and_back_again()
    {
        _a.Take(RecordKind.Start, id: 1, session: 1, at: Now);
        _b.Learn(_a.Tell());
        _b.Take(RecordKind.Heartbeat, id: 2, session: 1, at: Now + 30_000);
        _a.Learn(_b.Tell());
        Assert.Equal((0, 1), (_a.Live.Listeners, _b.Live.Listeners));
        _a.Take(RecordKind.Heartbeat, id: 3, session: 1, at: Now + 60_000);
        _b.Learn(_a.Tell());
        Assert.Equal((1, 0), (_a.Live.Listeners, _b.Live.Listeners));
        // What it ends elsewhere is ended.
        _b.Take(RecordKind.Stop, id: 4, session: 1, at: Now + 61_000);
        _a.Learn(_b.Tell());
        Assert.Equal((0, 0), (_a.Live.Listeners, _b.Live.Listeners));
        // Who is gone leaves once.
        foreach (var node in new[] { _a, _b })
        {
            node.Live.Tick(Now + 400_000);
            node.Live.Tick(Now + 401_000);
            Assert.Equal(0, node.Live.Listeners);
        }
    }

    [Fact]
    public void A_visitor_of_two_collectors_is_one_visitor()
    {
        for (var view = 0; view < 6; view++)
        {
            var (node, other) = view % 2 == 0 ? (_a, _b) : (_b, _a);
            node.Take(RecordKind.PageView, id: (ulong)view + 1, session: 0, at: Now + (view * 1000), visitor: 77);
            other.Learn(node.Tell());
            Assert.Equal(1, _a.Live.Visitors + _b.Live.Visitors);
        }

        _a.Live.Tick(Now + 400_000);
        _b.Live.Tick(Now + 400_000);
        Assert.Equal((0, 0), (_a.Live.Visitors, _b.Live.Visitors));
    }

    [Fact]
    public void A_collector_that_comes_back_learns_who_left_it_meanwhile_and_keeps_whoever_gave_a_sign_since()
    {
        _a.Take(RecordKind.Start, id: 1, session: 1, at: Now);
        _a.Take(RecordKind.Start, id: 2, session: 2, at: Now);
        _b.Take(RecordKind.Heartbeat, id: 3, session: 1, at: Now + 5000);
        var told = _b.Tell();
        var again = new LiveAggregate(shared: true);
        again.Take(Of(RecordKind.Start, 1, 1, Now, 0), counted: false);
        again.Take(Of(RecordKind.Start, 2, 2, Now, 0), counted: false);
        again.WentElsewhere(told.Arrivals, Now + 5000);
        Assert.Equal(1, again.Listeners);
        // An arrival of before its last sign here is an old story.
        again.Take(Of(RecordKind.Heartbeat, 4, 1, Now + 9000, 0));
        again.WentElsewhere(told.Arrivals, Now + 5000);
        Assert.Equal(2, again.Listeners);
    }

    [Fact]
    public void What_was_counted_out_of_turn_is_known_to_be_until_it_is_told()
    {
        _a.Take(RecordKind.Start, id: 1, session: 1, at: Now);
        Assert.True(_a.Live.HasFresh([5, LiveAggregate.KeyOf(1)]));
        Assert.False(_a.Live.HasFresh([LiveAggregate.KeyOf(2)]));
        _a.Tell();
        Assert.False(_a.Live.HasFresh([LiveAggregate.KeyOf(1)]));
    }

    [Fact]
    public void However_beacons_are_repeated_at_three_collectors_each_counts_once_and_each_listener_is_at_one() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 2]).Array[1, 120].Sample(sent =>
        {
            Node[] nodes = [new(), new(), new()];
            foreach (var (number, at) in sent)
            {
                nodes[at].Take(RecordKind.Start, id: (ulong)number, session: (ulong)number, at: Now);
                var told = nodes[at].Tell();
                foreach (var other in nodes.Where(n => n != nodes[at]))
                    other.Learn(told);
            }

            var different = sent.Select(s => s.Item1).Distinct().Count();
            Assert.Equal(different, nodes.Sum(n => n.Live.Starts));
            Assert.Equal(different, nodes.Sum(n => n.Live.Listeners));
            // Whoever leaves out what a node says that another counted has the same.
            Assert.Equal(different, nodes.Select((node, at) => sent.Where(s => s.Item2 == at).Select(s => (ulong)s.Item1).Distinct().Count(id => !node.Twins.Contains(LiveAggregate.KeyOf(id)))).Sum());
        });

    private static Record Of(RecordKind kind, ulong id, ulong session, long at, ulong visitor) =>
        new() { Id = id, Kind = kind, Session = session, Site = 1, ReceivedMs = at, Visitor = visitor, Channel = "A"u8 };

    private sealed class Node
    {
        public Node()
        {
            Live.BeginDay(Now - 3_600_000, Now + 3_600_000);
            Live.Tick(Now);
        }

        public LiveAggregate Live { get; } = new(shared: true);

        public void Take(RecordKind kind, ulong id, ulong session, long at, ulong visitor = 0) => Live.Take(Of(kind, id, session, at, visitor));

        public HashSet<ulong> Twins { get; } = [];

        public (ulong[] Ids, ulong[] Arrivals) Tell()
        {
            var (ids, arrivals, twins) = Live.TakeShared();
            Twins.UnionWith(twins);
            return (ids, arrivals);
        }

        public void Learn((ulong[] Ids, ulong[] Arrivals) told)
        {
            Live.CountedElsewhere(told.Ids, Now);
            Live.WentElsewhere(told.Arrivals, long.MaxValue);
        }
    }
}
