using Relais.Desktops.Members;

namespace Relais.Tests.Desktops;

/// <summary>Who leaves a machine that is to be emptied, and how a move goes on after whatever happened.</summary>
public sealed class DrainDecisions
{
    private static readonly Place Roomy = new("m2", 8_000);
    private static readonly Place Narrow = new("m3", 2_000);

    [Fact]
    public void Those_in_use_wait_for_their_session_and_the_others_leave()
    {
        var (idle, used) = (Placed(1), Placed(2, inSession: true));
        var fates = DrainRules.Of([idle, used], [Narrow, Roomy], now: false);
        Assert.Equal(new Fated(idle.Desktop, DrainFate.Move, "m2"), Of(fates, idle));
        Assert.Equal(DrainFate.InUse, Of(fates, used).Fate);
    }

    [Fact]
    public void Now_takes_those_in_use_too_but_leaves_a_pool_desktop_to_its_session()
    {
        var (used, common) = (Placed(1, inSession: true), Placed(2, inSession: true) with { OfPool = true });
        var fates = DrainRules.Of([used, common], [Roomy], now: true);
        Assert.Equal(DrainFate.Move, Of(fates, used).Fate);
        Assert.Equal(DrainFate.InUse, Of(fates, common).Fate);
    }

    [Fact]
    public void A_spare_is_replaced_and_not_moved()
    {
        var spare = Placed(1) with { OfPool = true, IsSpare = true };
        Assert.Equal(DrainFate.Replace, Of(DrainRules.Of([spare], [Roomy], now: false), spare).Fate);
    }

    [Fact]
    public void What_fits_nowhere_else_stays_and_is_named()
    {
        var (small, large) = (Placed(1, memory: 1_500), Placed(2, memory: 6_000));
        var fates = DrainRules.Of([large, small], [Narrow], now: false);
        Assert.Equal(DrainFate.Move, Of(fates, small).Fate);
        Assert.Equal(DrainFate.NoRoom, Of(fates, large).Fate);
        Assert.Equal(DrainFate.NoRoom, Of(DrainRules.Of([small], [], now: false), small).Fate);
    }

    [Fact]
    public void No_more_are_on_their_way_at_once_than_the_network_bears()
    {
        var going = Placed(9) with { Move = MoveStanding.UnderWay };
        var fates = DrainRules.Of([going, Placed(1), Placed(2), Placed(3)], [Roomy], now: false);
        Assert.Equal(DrainRules.AtOnce, fates.Count(f => f.Fate is DrainFate.Move or DrainFate.UnderWay));
        Assert.Equal(2, fates.Count(f => f.Fate == DrainFate.Next));
    }

    [Fact]
    public void One_whose_move_failed_again_and_again_is_left_in_peace()
    {
        var failed = Placed(1) with { Move = MoveStanding.GivenUp };
        Assert.Equal(DrainFate.Stayed, Of(DrainRules.Of([failed], [Roomy], now: true), failed).Fate);
    }

    [Theory]
    [InlineData("m1", true, false, false, "CopyHome")]
    [InlineData("m1", true, true, false, "DropCopy")]
    [InlineData("m1", true, true, true, "MoveInstance")]
    [InlineData("m2", true, true, true, "DropOld")]
    [InlineData("m2", false, true, true, "Done")]
    [InlineData("m1", false, false, false, "MoveInstance")]
    [InlineData(null, true, false, false, "CopyHome")]
    [InlineData(null, true, true, false, "DropCopy")]
    [InlineData(null, true, true, true, "DropOld")]
    [InlineData(null, false, true, true, "Done")]
    public void A_move_goes_on_from_what_the_engine_has(string? instance, bool homeThere, bool copied, bool whole, string step) =>
        Assert.Equal(step, MoveRules.Next(new MoveFacts(instance, homeThere, copied, whole), "m2").ToString());

    [Fact]
    public void However_often_it_is_cut_off_the_last_home_never_goes_and_one_is_left()
    {
        // Each step is done, done halfway, or not at all before the server dies; then the next look goes on from what there is.
        var chance = new Random(8);
        for (var run = 0; run < 2_000; run++)
        {
            var (old, copy, whole, instance) = (true, false, false, run % 3 == 0 ? null : "m1");
            for (var looks = 0; looks < 200; looks++)
            {
                var step = MoveRules.Next(new MoveFacts(instance, old, copy, whole), "m2");
                if (step == MoveStep.Done)
                    break;
                if (chance.Next(3) == 0)
                    continue;
                switch (step)
                {
                    case MoveStep.DropCopy:
                        copy = false;
                        break;
                    case MoveStep.CopyHome:
                        (copy, whole) = (true, chance.Next(2) == 0);
                        break;
                    case MoveStep.MoveInstance:
                        Assert.True(whole);
                        instance = "m2";
                        break;
                    case MoveStep.DropOld:
                        Assert.True(whole);
                        old = false;
                        break;
                }

                Assert.True(old || (copy && whole));
            }

            Assert.Equal((false, true, instance is null ? null : "m2"), (old, copy, instance));
        }
    }

    private static Placed Placed(int number, long memory = 1_000, bool inSession = false) =>
        new(new Guid(number, 0, 0, new byte[8]), memory, inSession, OfPool: false, IsSpare: false, MoveStanding.None);

    private static Fated Of(IEnumerable<Fated> fates, Placed desktop) => fates.Single(f => f.Desktop == desktop.Desktop);
}
