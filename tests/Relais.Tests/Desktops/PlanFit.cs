using Relais.Desktops.Capacity;
using Relais.Desktops.Plans;

namespace Relais.Tests.Desktops;

/// <summary>A rehearsal says that those would wait who would wait.</summary>
public sealed class PlanFit
{
    private static readonly DateTimeOffset _now = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_steps_get_what_may_still_be_promised_and_a_smaller_one_passes()
    {
        Assert.Equal([0, 1], FitPlan.Of([[1500, 1500], [1500, 400]], [], [new MemberRoom("", 5000, 1500)], _now));
        Assert.Equal([0, 0], FitPlan.Of([[1500, 1500], [1500, 400]], [], [new MemberRoom("", 6400, 1500)], _now));
    }

    [Fact]
    public void Who_waits_already_goes_before_and_holds_the_others_up_after_a_while()
    {
        var waits = new Candidate(Guid.NewGuid(), 3000, Awaited: false, _now.AddMinutes(-1));
        Assert.Equal([2], FitPlan.Of([[1000, 1000]], [waits], [new MemberRoom("", 4000, 1000)], _now));
        Assert.Equal([0], FitPlan.Of([[1000, 1000]], [waits], [new MemberRoom("", 4000, 2000)], _now));
        Assert.Equal([2], FitPlan.Of([[1000, 1000]], [waits with { Since = _now - Admit.PassedFor }], [new MemberRoom("", 4000, 2000)], _now));
    }

    [Fact]
    public void Each_must_fit_on_one_machine_whatever_all_have_left_together() =>
        Assert.Equal([2], FitPlan.Of([[2000, 2000, 2000]], [], [new MemberRoom("a", 3000, 0), new MemberRoom("b", 3000, 1500), new MemberRoom("c", 1500, 0)], _now));
}
