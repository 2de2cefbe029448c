using CsCheck;
using Relais.Desktops.Capacity;

namespace Relais.Tests.Desktops;

/// <summary>Who may start when not all fit.</summary>
public sealed class AdmissionRules
{
    private const long Budget = 16_384;
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Candidate[]> Candidates = Gen.Select(Gen.Int[1, 40], Gen.Bool, Gen.Int[0, 600])
        .Select((size, awaited, seconds) => new Candidate(Guid.CreateVersion7(), size * 512, awaited, Now.AddSeconds(-seconds))).Array[0, 40];

    private static readonly Gen<long> Promised = Gen.Long[0, Budget + 4096];

    [Fact]
    public void Nothing_is_promised_beyond_the_budget_and_each_one_starts_or_waits() =>
        Gen.Select(Candidates, Promised).Sample((candidates, promised) =>
        {
            var admission = Admit.Of(candidates, Budget, promised, Now);
            Assert.True(admission.Admitted.Count == 0 || promised + admission.Admitted.Sum(a => a.MemoryMiB) <= Budget);
            Assert.Equal(candidates.Select(c => c.Row).Order(), admission.Admitted.Concat(admission.Waiting).Select(c => c.Row).Order());
        });

    [Fact]
    public void The_order_in_which_rows_come_decides_nothing() =>
        Gen.Select(Candidates, Promised).Sample((candidates, promised) =>
        {
            var there = Admit.Of(candidates, Budget, promised, Now);
            var back = Admit.Of(candidates.Reverse(), Budget, promised, Now);
            Assert.Equal(there.Admitted, back.Admitted);
            Assert.Equal(there.Waiting, back.Waiting);
        });

    [Fact]
    public void Nobody_passes_one_that_could_fit_and_has_waited_long() =>
        Gen.Select(Candidates, Promised).Sample((candidates, promised) =>
        {
            var admission = Admit.Of(candidates, Budget, promised, Now);
            var order = Admit.InOrder(candidates).ToList();
            foreach (var passed in admission.Waiting.Where(w => w.MemoryMiB <= Budget && Now - w.Since >= Admit.PassedFor))
                Assert.DoesNotContain(admission.Admitted, a => order.IndexOf(a) > order.IndexOf(passed));
        });

    [Fact]
    public void With_no_newcomers_everyone_who_can_fit_starts_in_the_end() =>
        Candidates.Sample(candidates =>
        {
            var waiting = candidates.ToList();
            for (var round = 0; round < candidates.Length; round++)
                waiting = [.. Admit.Of(waiting, Budget, 0, Now.AddMinutes(round)).Waiting];
            Assert.All(waiting, w => Assert.True(w.MemoryMiB > Budget));
        });

    [Fact]
    public void Who_waits_in_front_of_a_screen_goes_before_who_waits_longer()
    {
        var early = new Candidate(Guid.CreateVersion7(), 1024, Awaited: false, Now.AddMinutes(-10));
        var person = new Candidate(Guid.CreateVersion7(), 1024, Awaited: true, Now);
        Assert.Equal([person], Admit.Of([early, person], 1024, 0, Now).Admitted);
    }

    [Fact]
    public void A_small_one_passes_a_large_one_for_a_while_and_then_waits_behind_it()
    {
        var large = new Candidate(Guid.CreateVersion7(), 8192, Awaited: true, Now.AddSeconds(-10));
        var small = new Candidate(Guid.CreateVersion7(), 1024, Awaited: true, Now);
        Assert.Equal([small], Admit.Of([large, small], 8192, 4096, Now).Admitted);
        Assert.Empty(Admit.Of([large, small], 8192, 4096, Now + Admit.PassedFor).Admitted);
        Assert.Equal([large], Admit.Of([large, small], 8192, 0, Now + Admit.PassedFor).Admitted);
    }
}
