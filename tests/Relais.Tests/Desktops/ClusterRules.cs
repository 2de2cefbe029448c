using System.Text.Json.Nodes;
using CsCheck;
using Relais.Desktops;
using Relais.Desktops.Capacity;
using Relais.Desktops.Engine;

namespace Relais.Tests.Desktops;

/// <summary>Which machine of a cluster a desktop goes to, and what is known of one whose machine is away.</summary>
public sealed class ClusterRules
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);
    private static readonly MemberRoom[] Three = [new("m1", 4096, 0), new("m2", 4096, 0), new("m3", 4096, 0)];

    [Fact]
    public void Six_alike_spread_two_by_two()
    {
        var places = Admit.Of([.. Enumerable.Range(0, 6).Select(_ => Wanting(1024))], Three, Now).Places;
        Assert.All(places.Values.CountBy(p => p), p => Assert.Equal(2, p.Value));
        Assert.Equal(6, places.Count);
    }

    [Fact]
    public void One_that_fits_on_no_single_machine_waits_whatever_all_have_left_together()
    {
        var large = Wanting(3072);
        var rooms = Three.Select(r => r with { PromisedMiB = 2048 }).ToList();
        Assert.Equal([large], Admit.Of([large], rooms, Now).Waiting);
        Assert.Equal(0, FleetCapacity.Fits(rooms, [3072]));
        Assert.Equal(3, FleetCapacity.Fits(rooms, [2048, 2048, 2048, 512]));
    }

    [Fact]
    public void One_whose_home_is_on_a_machine_starts_there_or_waits()
    {
        var bound = Wanting(1024) with { Member = "m2" };
        Assert.Equal("m2", Admit.Of([bound], Three, Now).Places[bound.Row]);
        Assert.Equal([bound], Admit.Of([bound], [Three[0], Three[1] with { PromisedMiB = 4096 }, Three[2]], Now).Waiting);
        // Its machine does not answer.
        Assert.Equal([bound], Admit.Of([bound], [Three[0], Three[2]], Now).Waiting);
    }

    [Fact]
    public void A_closed_machine_gets_nothing_new_and_starts_what_it_has()
    {
        var rooms = new[] { Three[0] with { IsOpen = false }, Three[1] with { PromisedMiB = 3072 } };
        var fresh = Wanting(1024);
        var there = Wanting(1024) with { Member = "m1" };
        var places = Admit.Of([fresh, there], rooms, Now).Places;
        Assert.Equal(("m2", "m1"), (places[fresh.Row], places[there.Row]));
    }

    [Fact]
    public void One_that_has_waited_long_for_its_machine_keeps_that_one_alone()
    {
        var old = Wanting(2048) with { Member = "m1", Since = Now - Admit.PassedFor };
        var rooms = new[] { Three[0] with { PromisedMiB = 3072 }, Three[1] };
        var small = Wanting(512);
        var bound = Wanting(512) with { Member = "m1" };
        var admission = Admit.Of([old, small, bound], rooms, Now);
        Assert.Equal([small], admission.Admitted);
        Assert.Equal("m2", admission.Places[small.Row]);
    }

    [Fact]
    public void No_machine_promises_beyond_its_budget() =>
        Gen.Select(Gen.Int[1, 12].Array[0, 30], Gen.Int[0, 10].Array[1, 4]).Sample((sizes, promised) =>
        {
            var rooms = promised.Select((p, n) => new MemberRoom($"m{n}", 4096, p * 512L)).ToList();
            var admission = Admit.Of(sizes.Select(s => Wanting(s * 512)), rooms, Now);
            foreach (var room in rooms)
            {
                var added = admission.Admitted.Where(a => admission.Places[a.Row] == room.Name).Sum(a => a.MemoryMiB);
                Assert.True(added == 0 || added <= room.LeftMiB);
            }
        });

    [Fact]
    public void What_an_institute_allows_in_all_is_shared_out()
    {
        var options = new DesktopsOptions { HostReserveMiB = 1024, MemoryMiB = 6144, Overcommit = 2 };
        Assert.Equal([3072L, 9216L], FleetCapacity.BudgetsOf([3072, 7168], options));
    }

    [Fact]
    public void A_desktop_whose_machine_is_away_is_known_by_its_name()
    {
        var row = Guid.CreateVersion7();
        var away = Instances.Read(new JsonObject { ["name"] = $"d-{row:N}", ["status"] = "Error", ["location"] = "m2", ["config"] = null });
        Assert.Equal((row, true, "m2"), (away.Row, away.IsAway, away.Member));
        var strange = Instances.Read(new JsonObject { ["name"] = "d-other", ["status"] = "Error", ["location"] = "m2", ["config"] = null });
        Assert.Null(strange.Row);
        var alone = Instances.Read(new JsonObject
        {
            ["name"] = $"d-{row:N}", ["status"] = "Running", ["location"] = "none", ["config"] = new JsonObject { [Instances.RowKey] = row.ToString() },
        });
        Assert.Equal((row, false, null), (alone.Row, alone.IsAway, alone.Member));
    }

    private static Candidate Wanting(long memoryMiB) => new(Guid.CreateVersion7(), memoryMiB, Awaited: false, Now);
}
