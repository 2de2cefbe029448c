using Relais.Desktops.Capacity;

namespace Relais.Desktops.Plans;

/// <summary>Which desktops of a plan would wait for room: decided by the rule that decides it when they start. Pure.</summary>
internal static class FitPlan
{
    /// <param name="steps">By step, in their order, what each desktop that would come to hold memory is promised, in MiB.</param>
    /// <param name="queue">Those of others that wait for room already, and so go before.</param>
    /// <param name="rooms">Of the machines that answer: each desktop must fit on one of them.</param>
    /// <returns>By step, how many would wait.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<IReadOnlyList<int>> steps, IEnumerable<Candidate> queue, IReadOnlyList<MemberRoom> rooms, DateTimeOffset now)
    {
        var stepOf = new Dictionary<Guid, int>();
        List<Candidate> candidates = [.. queue];
        for (var step = 0; step < steps.Count; step++)
        {
            foreach (var memory in steps[step])
            {
                // Rows of their own, and asked for one after the other.
                var row = Guid.CreateVersion7(now.AddMilliseconds(stepOf.Count));
                stepOf[row] = step;
                candidates.Add(new Candidate(row, memory, Awaited: false, now.AddTicks(stepOf.Count)));
            }
        }

        var over = new int[steps.Count];
        foreach (var waiting in Admit.Of(candidates, rooms, now).Waiting)
        {
            if (stepOf.TryGetValue(waiting.Row, out var step))
                over[step]++;
        }

        return over;
    }
}
