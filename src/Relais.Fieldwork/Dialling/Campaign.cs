using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Dialling;

/// <summary>What this node remembers of a wave that it calls: how calls and conversations went, for the pace. A restart begins with cautious guesses.</summary>
internal sealed class Campaign
{
    /// <summary>Who has not come back after so long is on a break, and says nothing of how long notes take.</summary>
    private static readonly TimeSpan LongestNote = TimeSpan.FromMinutes(10);

    private readonly Dictionary<Guid, Agent> _agents = [];

    private sealed class Agent(Guid call, DateTimeOffset since)
    {
        public Guid Call { get; } = call;

        public DateTimeOffset Since { get; } = since;

        public DateTimeOffset? NotesSince { get; set; }
    }

    public CampaignPace Pace { get; } = new();

    /// <summary>No call is placed before, because the lines had no room.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>Why no call could be placed the last time; empty: it could.</summary>
    public string Trouble { get; set; } = "";

    public IEnumerable<Guid> Calls => _agents.Values.Where(a => a.NotesSince is null).Select(a => a.Call);

    public IEnumerable<Guid> People => _agents.Keys;

    public void Connected(Guid person, Guid call, DateTimeOffset now) => _agents[person] = new Agent(call, now);

    /// <summary>Those who were ready again a moment ago, and calls that are over by now.</summary>
    public void Follow(IReadOnlyCollection<Guid> ready, IReadOnlyDictionary<Guid, CallNow> calls, DateTimeOffset now)
    {
        foreach (var (person, agent) in _agents.ToList())
        {
            if (agent.NotesSince is null && (!calls.TryGetValue(agent.Call, out var call) || call.Stage is CallStage.Ended))
            {
                agent.NotesSince = now;
                Pace.Talked(now - agent.Since);
            }

            if (agent.NotesSince is not { } since)
                continue;
            if (ready.Contains(person))
                Pace.Noted(now - since);
            if (ready.Contains(person) || now - since > LongestNote)
                _agents.Remove(person);
        }
    }

    public (List<double> Talking, List<double> Noting) Sight(Func<DateTimeOffset, double> seconds) => (
        [.. _agents.Values.Where(a => a.NotesSince is null).Select(a => seconds(a.Since))],
        [.. _agents.Values.Select(a => a.NotesSince).OfType<DateTimeOffset>().Select(seconds)]);
}
