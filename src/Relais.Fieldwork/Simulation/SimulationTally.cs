using System.Collections.Concurrent;
using System.Globalization;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Simulation;

/// <summary>What the interviewers of a simulation did, and which answers the server said it has.</summary>
/// <param name="journal">Takes a line for each acknowledged answer: interview, number, path, value; null for none.</param>
internal sealed class SimulationTally(TextWriter? journal)
{
    private readonly ConcurrentDictionary<string, int> _ends = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _idle = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, long> _acknowledged = new();
    private readonly Lock _writing = new();
    private long _answers;

    public long Answers => Interlocked.Read(ref _answers);

    public int Completed => _ends.GetValueOrDefault("complete");

    public void Ended(string outcome) => _ends.AddOrUpdate(outcome, 1, (_, n) => n + 1);

    public void Idle(string why) => _idle.AddOrUpdate(why, 1, (_, n) => n + 1);

    public void Acknowledged(Guid interview, IReadOnlyList<FormEvent> events, long until)
    {
        var from = _acknowledged.GetValueOrDefault(interview);
        _acknowledged[interview] = until;
        foreach (var step in events.Where(e => e.Sequence > from && e.Sequence <= until))
        {
            Interlocked.Increment(ref _answers);
            if (journal is null)
                continue;
            lock (_writing)
                journal.WriteLine(string.Join('\t', interview.ToString("D"), step.Sequence.ToString(CultureInfo.InvariantCulture), step.Path, step.Value.ReplaceLineEndings(" ")));
        }
    }

    public IEnumerable<string> Lines()
    {
        foreach (var (outcome, number) in _ends.OrderByDescending(e => e.Value))
            yield return string.Create(CultureInfo.InvariantCulture, $"{number,8}  {outcome}");
        foreach (var (why, number) in _idle.OrderByDescending(e => e.Value))
            yield return string.Create(CultureInfo.InvariantCulture, $"{number,8}  nothing to do: {why}");
    }
}
