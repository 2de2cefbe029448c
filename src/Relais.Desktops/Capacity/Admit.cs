namespace Relais.Desktops.Capacity;

/// <summary>A desktop that is to run and holds no memory yet.</summary>
/// <param name="MemoryMiB">What it would be promised.</param>
/// <param name="Awaited">Whether its person waits in front of the screen.</param>
/// <param name="Since">Since when it waits for room.</param>
internal sealed record Candidate(Guid Row, long MemoryMiB, bool Awaited, DateTimeOffset Since);

/// <summary>Which desktops may start now, and which wait, each in its order.</summary>
internal sealed record Admission(IReadOnlyList<Candidate> Admitted, IReadOnlyList<Candidate> Waiting);

/// <summary>Decides who starts when not all fit. Pure: the same rows give the same answer, whoever asks and however often.</summary>
internal static class Admit
{
    /// <summary>How long one that does not fit is passed by smaller ones; from then on they wait behind it.</summary>
    public static readonly TimeSpan PassedFor = TimeSpan.FromMinutes(2);

    /// <summary>How long after its person's last asking a desktop counts as awaited in front of a screen.</summary>
    public static readonly TimeSpan AwaitedFor = TimeSpan.FromSeconds(30);

    /// <param name="budgetMiB">All that may be promised; one larger than that keeps nobody waiting.</param>
    /// <param name="promisedMiB">What is promised already, to those that run, are frozen or are on their way.</param>
    public static Admission Of(IEnumerable<Candidate> candidates, long budgetMiB, long promisedMiB, DateTimeOffset now)
    {
        List<Candidate> admitted = [];
        List<Candidate> waiting = [];
        var left = budgetMiB - promisedMiB;
        var kept = false;
        foreach (var candidate in InOrder(candidates))
        {
            if (!kept && candidate.MemoryMiB <= left)
            {
                left -= candidate.MemoryMiB;
                admitted.Add(candidate);
                continue;
            }

            waiting.Add(candidate);
            kept |= candidate.MemoryMiB <= budgetMiB && now - candidate.Since >= PassedFor;
        }

        return new Admission(admitted, waiting);
    }

    /// <summary>First who waits in front of a screen, then who waits longest.</summary>
    public static IEnumerable<Candidate> InOrder(IEnumerable<Candidate> candidates) =>
        candidates.OrderByDescending(c => c.Awaited).ThenBy(c => c.Since).ThenBy(c => c.Row);
}
