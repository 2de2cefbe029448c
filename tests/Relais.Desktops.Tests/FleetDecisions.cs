using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Desktops.Fleet;

namespace Relais.Desktops.Tests;

/// <summary>What actions, time and new versions mean for a desktop's row.</summary>
public sealed class FleetDecisions
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);
    private static readonly FleetFacts Facts = new(Guid.CreateVersion7(), BundleKnown: true, TimeSpan.FromDays(7));
    private static readonly BundleRest Rest = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(4));

    [Theory]
    [InlineData(FleetAction.Start, Wanted.Running)]
    [InlineData(FleetAction.Stop, Wanted.Stopped)]
    [InlineData(FleetAction.Restart, Wanted.Running)]
    [InlineData(FleetAction.Archive, Wanted.Archived)]
    [InlineData(FleetAction.Freeze, Wanted.Frozen)]
    public void An_action_is_a_state_that_is_wanted_and_one_asking_more(FleetAction action, Wanted wanted)
    {
        var desktop = A(Wanted.Running, DesktopState.Starting);
        Assert.Null(FleetRules.Apply(action, new FleetArguments(), desktop, Facts, Now));
        Assert.Equal((wanted, 6L), (desktop.Wanted, desktop.Asked));
    }

    [Fact]
    public void A_restart_is_a_start_with_another_number_and_a_rebuild_a_root_with_another_number()
    {
        var desktop = A(Wanted.Running, DesktopState.Running);
        Assert.Null(FleetRules.Apply(FleetAction.Restart, new FleetArguments(), desktop, Facts, Now));
        Assert.Null(FleetRules.Apply(FleetAction.Rebuild, new FleetArguments(), desktop, Facts, Now));
        Assert.Equal((1, 1, null, Wanted.Running), (desktop.Boot, desktop.Root, desktop.Image, desktop.Wanted));
    }

    [Fact]
    public void What_is_there_already_is_left_alone()
    {
        var desktop = A(Wanted.Running, DesktopState.Running);
        Assert.Equal(FleetRules.Already, FleetRules.Apply(FleetAction.Start, new FleetArguments(), desktop, Facts, Now));
        Assert.Equal(FleetRules.Already, FleetRules.Apply(FleetAction.Move, new FleetArguments { Bundle = "a" }, desktop, Facts, Now));
        Assert.Equal(FleetRules.Already, FleetRules.Apply(FleetAction.Resize, new FleetArguments(), desktop, Facts, Now));
        Assert.Equal(FleetRules.Already, FleetRules.Apply(FleetAction.Keep, new FleetArguments(), desktop, Facts, Now));
        Assert.Equal(5, desktop.Asked);
    }

    [Fact]
    public void A_move_takes_the_other_bundles_sizes_and_a_fresh_root()
    {
        var desktop = A(Wanted.Frozen, DesktopState.Frozen);
        desktop.MemoryMiB = 4096;
        Assert.Equal(FleetRules.UnknownBundle, FleetRules.Apply(FleetAction.Move, new FleetArguments { Bundle = "b" }, desktop, Facts with { BundleKnown = false }, Now));
        Assert.Null(FleetRules.Apply(FleetAction.Move, new FleetArguments { Bundle = "b" }, desktop, Facts, Now));
        Assert.Equal(("b", 1, null, Wanted.Stopped), (desktop.Bundle, desktop.Root, desktop.MemoryMiB, desktop.Wanted));
    }

    [Fact]
    public void A_deleted_desktop_can_be_kept_until_its_grace_is_over_and_does_nothing_else()
    {
        var desktop = A(Wanted.Running, DesktopState.Running);
        Assert.Null(FleetRules.Apply(FleetAction.Delete, new FleetArguments(), desktop, Facts, Now));
        Assert.Equal((Wanted.Stopped, Now.AddDays(7)), (desktop.Wanted, desktop.DeleteAt));
        foreach (var action in Enum.GetValues<FleetAction>().Where(a => a != FleetAction.Keep))
            Assert.Equal(FleetRules.BeingDeleted, FleetRules.Apply(action, new FleetArguments { Bundle = "b", Cpu = 1 }, desktop, Facts, Now));
        Assert.Null(FleetRules.Apply(FleetAction.Keep, new FleetArguments(), desktop, Facts, Now));
        Assert.Null(desktop.DeleteAt);
    }

    [Fact]
    public void An_archived_desktop_is_labelled_comes_back_or_is_deleted_and_nothing_else()
    {
        var desktop = A(Wanted.Archived, DesktopState.Stopped);
        foreach (var action in Enum.GetValues<FleetAction>().Except([FleetAction.Unarchive, FleetAction.Delete, FleetAction.Keep, FleetAction.Archive, FleetAction.Tag, FleetAction.Untag]))
            Assert.Equal(FleetRules.Archived, FleetRules.Apply(action, new FleetArguments { Bundle = "b", Cpu = 1 }, desktop, Facts, Now));
        Assert.Null(FleetRules.Apply(FleetAction.Tag, new FleetArguments { Tag = "Rentrée" }, desktop, Facts, Now));
        Assert.Equal(Wanted.Archived, desktop.Wanted);
        Assert.Null(FleetRules.Apply(FleetAction.Unarchive, new FleetArguments(), desktop, Facts, Now));
        Assert.Equal(Wanted.Stopped, desktop.Wanted);
    }

    [Fact]
    public void A_home_without_a_snapshot_goes_back_to_nothing()
    {
        var desktop = A(Wanted.Running, DesktopState.Running);
        Assert.Equal(FleetRules.NoSnapshot, FleetRules.Apply(FleetAction.Restore, new FleetArguments(), desktop, Facts with { Snapshot = null }, Now));
        Assert.Null(FleetRules.Apply(FleetAction.Restore, new FleetArguments(), desktop, Facts, Now));
        Assert.Equal(Facts.Snapshot, desktop.RestoreFrom);
    }

    [Fact]
    public void A_row_of_a_job_is_done_when_its_asking_is_reached_and_failed_after_three_attempts()
    {
        var desktop = A(Wanted.Running, DesktopState.Starting);
        desktop.Ask(Now);
        Assert.Equal(FleetRowState.Doing, FleetProgress.Judge(FleetAction.Start, desktop, desktop.Asked));
        foreach (var _ in Enumerable.Range(0, FleetProgress.PatientAttempts))
            desktop.Fail("no-answer", "", Now);
        Assert.Equal(FleetRowState.Failed, FleetProgress.Judge(FleetAction.Start, desktop, desktop.Asked));
        desktop.Succeed(DesktopState.Running, Now);
        Assert.Equal(FleetRowState.Done, FleetProgress.Judge(FleetAction.Start, desktop, desktop.Asked));
        Assert.Equal(FleetRowState.Done, FleetProgress.Judge(FleetAction.Delete, null, 1));
        Assert.Equal(FleetRowState.Failed, FleetProgress.Judge(FleetAction.Start, null, 1));
    }

    [Fact]
    public void Who_leaves_has_their_desktop_frozen_and_then_stopped_and_who_comes_back_stops_the_clock()
    {
        var desktop = A(Wanted.Running, DesktopState.Running);
        Assert.Equal(new IdleClock.Reading(null, null), IdleClock.Read(desktop, Rest, inSession: true, Now));
        var begins = IdleClock.Read(desktop, Rest, inSession: false, Now);
        Assert.Equal(new IdleClock.Reading(Now, null), begins);
        desktop.IdleSince = begins.IdleSince;
        Assert.Null(IdleClock.Read(desktop, Rest, inSession: false, Now.AddMinutes(29.9)).Wanted);
        Assert.Equal(Wanted.Frozen, IdleClock.Read(desktop, Rest, inSession: false, Now.AddMinutes(30)).Wanted);

        desktop.Want(Wanted.Frozen, Now.AddMinutes(30));
        desktop.Succeed(DesktopState.Frozen, Now.AddMinutes(30));
        Assert.Equal(new IdleClock.Reading(Now, null), IdleClock.Read(desktop, Rest, inSession: false, Now.AddMinutes(239)));
        Assert.Equal(Wanted.Stopped, IdleClock.Read(desktop, Rest, inSession: false, Now.AddHours(4)).Wanted);

        desktop.Want(Wanted.Running, Now.AddMinutes(239));
        Assert.Null(desktop.IdleSince);
    }

    [Fact]
    public void What_is_always_on_or_on_its_way_is_not_put_to_rest()
    {
        var always = A(Wanted.Running, DesktopState.Running);
        (always.AlwaysOn, always.IdleSince) = (true, Now.AddDays(-1));
        Assert.Equal(new IdleClock.Reading(null, null), IdleClock.Read(always, Rest, inSession: false, Now));
        var starting = A(Wanted.Running, DesktopState.Starting);
        starting.IdleSince = Now.AddDays(-1);
        Assert.Equal(new IdleClock.Reading(null, null), IdleClock.Read(starting, Rest, inSession: false, Now));
        var never = A(Wanted.Running, DesktopState.Running);
        never.IdleSince = Now.AddDays(-1);
        Assert.Null(IdleClock.Read(never, BundleRest.Never, inSession: false, Now).Wanted);
    }

    [Theory]
    [InlineData(RollOut.Now, true, 0, true)]
    [InlineData(RollOut.AtOpening, false, 0, false)]
    [InlineData(RollOut.InWindow, false, 23 * 60, true)]
    [InlineData(RollOut.InWindow, true, 23 * 60, false)]
    [InlineData(RollOut.InWindow, false, 2 * 60, true)]
    [InlineData(RollOut.InWindow, false, 12 * 60, false)]
    public void A_new_version_reaches_a_desktop_when_it_was_decided_to(RollOut rollOut, bool inSession, int minute, bool due)
    {
        var bundle = new BundleRow { Name = "a", Target = "new", RollOut = rollOut, WindowFrom = 22 * 60, WindowTo = 5 * 60 };
        var desktop = A(Wanted.Running, DesktopState.Running);
        desktop.Image = "old";
        Assert.Equal(due, RollOutRules.IsDue(bundle, desktop, inSession, minute));
        desktop.Image = "new";
        Assert.False(RollOutRules.IsDue(bundle, desktop, inSession, minute));
    }

    [Fact]
    public void A_desktop_that_is_made_anew_is_so_once_and_the_way_back_is_the_same_way()
    {
        var bundle = new BundleRow { Name = "a", Target = "new", RollOut = RollOut.Now };
        var desktop = A(Wanted.Running, DesktopState.Running);
        desktop.Image = "old";
        FleetRules.Rebuild(desktop, Now);
        Assert.False(RollOutRules.IsDue(bundle, desktop, inSession: false, 0));
        desktop.Image = "new";
        bundle.Target = "old";
        Assert.True(RollOutRules.IsDue(bundle, desktop, inSession: false, 0));
    }

    [Fact]
    public void At_its_opening_only_a_stopped_desktop_is_made_anew()
    {
        var bundle = new BundleRow { Name = "a", Target = "new" };
        var desktop = A(Wanted.Stopped, DesktopState.Stopped);
        desktop.Image = "old";
        Assert.True(RollOutRules.IsDueAtOpening(bundle, desktop));
        desktop.See(DesktopState.Frozen, Now);
        Assert.False(RollOutRules.IsDueAtOpening(bundle, desktop));
        Assert.False(RollOutRules.IsDueAtOpening(null, desktop));
    }

    [Theory]
    [InlineData(60, 120, 60, true)]
    [InlineData(60, 120, 119, true)]
    [InlineData(60, 120, 120, false)]
    [InlineData(1380, 60, 1439, true)]
    [InlineData(1380, 60, 0, true)]
    [InlineData(1380, 60, 60, false)]
    [InlineData(0, 0, 700, true)]
    public void A_window_may_go_over_midnight(int from, int to, int minute, bool open) => Assert.Equal(open, RollOutRules.IsOpen(from, to, minute));

    [Fact]
    public void Scheduled_snapshots_are_due_and_kept_by_their_rule_and_asked_ones_stay()
    {
        var rule = new BundleSnapshots(TimeSpan.FromDays(1), 2);
        Assert.False(SnapshotPlan.IsDue(rule, Now.AddHours(-23), Now));
        Assert.True(SnapshotPlan.IsDue(rule, Now.AddHours(-24), Now));
        Assert.False(SnapshotPlan.IsDue(BundleSnapshots.None, Now.AddYears(-1), Now));

        var desktop = Guid.CreateVersion7();
        var scheduled = Enumerable.Range(0, 4).Select(day => HomeSnapshot.Of(desktop, SnapshotReason.Scheduled, Now.AddDays(-day))).ToList();
        var asked = HomeSnapshot.Of(desktop, SnapshotReason.Asked, Now.AddDays(-30));
        Assert.Equal([scheduled[2], scheduled[3]], SnapshotPlan.Surplus(rule, [.. scheduled, asked]));
    }

    [Fact]
    public void A_size_of_its_own_goes_before_the_bundles()
    {
        var bundle = new Bundle
        {
            Name = "a", Title = new Dictionary<string, string>(StringComparer.Ordinal), Limits = new BundleLimits("1GiB", 2, 400, "1GiB"), Egress = new BundleEgress(""),
        };
        var desktop = A(Wanted.Running, DesktopState.Running);
        Assert.Equal(new InstanceSize("1GiB", "2"), InstanceSize.Of(desktop, bundle));
        (desktop.MemoryMiB, desktop.Cpu) = (3072, 4);
        Assert.Equal(new InstanceSize("3072MiB", "4"), InstanceSize.Of(desktop, bundle));
    }

    private static Desktop A(Wanted wanted, DesktopState state) => new()
    {
        Id = Guid.CreateVersion7(), Bundle = "a", Secret = "", Wanted = wanted, State = state, Asked = 5, Reached = 5, Image = "old",
    };
}
