namespace Relais.Desktops.Capacity;

/// <summary>A desktop that is to run and holds no memory yet.</summary>
/// <param name="MemoryMiB">What it would be promised.</param>
/// <param name="Awaited">Whether its person waits in front of the screen.</param>
/// <param name="Since">Since when it waits for room.</param>
/// <param name="Member">The machine that has its root or its home already; null when it may go to any.</param>
internal sealed record Candidate(Guid Row, long MemoryMiB, bool Awaited, DateTimeOffset Since, string? Member = null);

/// <summary>Which desktops may start now, and which wait, each in its order.</summary>
/// <param name="Places">The machine of each admitted one.</param>
internal sealed record Admission(IReadOnlyList<Candidate> Admitted, IReadOnlyList<Candidate> Waiting, IReadOnlyDictionary<Guid, string> Places);

/// <summary>
/// Decides who starts when not all fit, and on which machine: a desktop must fit on one of them, whatever all have left together.
/// Pure: the same rows give the same answer, whoever asks and however often.
/// </summary>
internal static class Admit
{
    /// <summary>How long one that does not fit is passed by smaller ones; from then on they wait behind it.</summary>
    public static readonly TimeSpan PassedFor = TimeSpan.FromMinutes(2);

    /// <summary>How long after its person's last asking a desktop counts as awaited in front of a screen.</summary>
    public static readonly TimeSpan AwaitedFor = TimeSpan.FromSeconds(30);

    /// <summary>For one machine.</summary>
    /// <param name="budgetMiB">All that may be promised; one larger than that keeps nobody waiting.</param>
    /// <param name="promisedMiB">What is promised already, to those that run, are frozen or are on their way.</param>
    public static Admission Of(IEnumerable<Candidate> candidates, long budgetMiB, long promisedMiB, DateTimeOffset now) =>
        Of(candidates, [new MemberRoom("", budgetMiB, promisedMiB)], now);

    /// <param name="rooms">Of the machines that answer.</param>
    public static Admission Of(IEnumerable<Candidate> candidates, IReadOnlyList<MemberRoom> rooms, DateTimeOffset now)
    {
        List<Candidate> admitted = [];
        List<Candidate> waiting = [];
        Dictionary<Guid, string> places = [];
        var left = rooms.ToDictionary(r => r.Name, r => r.LeftMiB, StringComparer.Ordinal);
        HashSet<string> kept = new(StringComparer.Ordinal);
        foreach (var candidate in InOrder(candidates))
        {
            var possible = rooms.Where(r => (candidate.Member is null ? r.IsOpen : r.Name == candidate.Member) && candidate.MemoryMiB <= r.BudgetMiB).ToList();
            // Where most is left, so that they spread.
            var room = possible.Where(r => !kept.Contains(r.Name) && candidate.MemoryMiB <= left[r.Name])
                .OrderByDescending(r => left[r.Name]).ThenBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault();
            if (room is not null)
            {
                left[room.Name] -= candidate.MemoryMiB;
                places[candidate.Row] = room.Name;
                admitted.Add(candidate);
                continue;
            }

            waiting.Add(candidate);
            if (now - candidate.Since >= PassedFor)
                kept.UnionWith(possible.Select(r => r.Name));
        }

        return new Admission(admitted, waiting, places);
    }

    /// <summary>First who waits in front of a screen, then who waits longest.</summary>
    public static IEnumerable<Candidate> InOrder(IEnumerable<Candidate> candidates) =>
        candidates.OrderByDescending(c => c.Awaited).ThenBy(c => c.Since).ThenBy(c => c.Row);
}
