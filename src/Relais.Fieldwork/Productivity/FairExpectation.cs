namespace Relais.Fieldwork.Productivity;

/// <summary>
/// What could be expected of the calls that somebody was given: each call counts what calls of the same slot of the day and the same try of their case bring in
/// this wave on average, whoever makes them; appointments apart. Calls that nobody could have completed (a full cell, not of the sample) are left out on both sides.
/// </summary>
internal sealed class FairExpectation
{
    private const int MostTries = 4;

    private readonly Dictionary<(int Slot, int Try), (int Calls, int Completed)> _averages = [];

    /// <param name="all">Calls of the whole wave.</param>
    public FairExpectation(IEnumerable<WorkedCall> all)
    {
        foreach (var call in all.Where(Counts))
        {
            var (calls, completed) = _averages.GetValueOrDefault(Kind(call));
            _averages[Kind(call)] = (calls + 1, completed + (call.Completed ? 1 : 0));
        }
    }

    /// <summary>Completed interviews beside those that were to be expected.</summary>
    public EventRatio Of(IEnumerable<WorkedCall> calls)
    {
        var (observed, expected) = (0, 0.0);
        foreach (var call in calls.Where(Counts))
        {
            var (of, completed) = _averages.GetValueOrDefault(Kind(call));
            expected += of == 0 ? 0 : (double)completed / of;
            observed += call.Completed ? 1 : 0;
        }

        return new EventRatio(observed, expected);
    }

    private static bool Counts(WorkedCall call) => call is { Called: true, Impossible: false };

    // An appointment is a try of its own kind: who asked to be called answers.
    private static (int, int) Kind(WorkedCall call) => (call.Slot, call.ByAppointment ? 0 : Math.Min(call.Try, MostTries));
}
