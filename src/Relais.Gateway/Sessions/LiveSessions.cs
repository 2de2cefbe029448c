using System.Collections.Concurrent;
using Relais.Access.Contracts;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Sessions;

/// <summary>The connections that this node holds open now.</summary>
internal sealed class LiveSessions
{
    private readonly ConcurrentDictionary<Guid, LiveSession> _byConnection = new();

    public IReadOnlyCollection<LiveSession> All => [.. _byConnection.Values];

    public void Add(LiveSession live) => _byConnection[live.ConnectionId] = live;

    public void Remove(LiveSession live) => _byConnection.TryRemove(live.ConnectionId, out _);
}

/// <summary>One connection of a session on this node.</summary>
/// <param name="asked">Looks up whether the session was asked to end, and why.</param>
internal sealed class LiveSession(Session session, Func<CancellationToken, Task<SessionEnd?>> asked) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _reason = -1;

    public Guid ConnectionId { get; } = Guid.NewGuid();

    public Guid SessionId { get; } = session.Id;

    /// <summary>Which connection of its session this is; a later one has taken the session over.</summary>
    public int Connection { get; } = session.Connection;

    public SignInId SignIn { get; } = new(session.SignInId);

    public RelayCounters Counters { get; } = new();

    /// <summary>Fires when the connection must end.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Why it was ended from here, or null when it ended by itself.</summary>
    public SessionEnd? Reason => _reason < 0 ? null : (SessionEnd)_reason;

    /// <summary>Why its relay ended, when somebody or something asked for it.</summary>
    public async ValueTask<SessionEnd?> ReasonOfAsync(RelayEnd end, CancellationToken cancel) =>
        // A target that is taken over elsewhere drops this connection before the next look at the row.
        Reason ?? (end is RelayEnd.TargetLeft or RelayEnd.TargetLost ? await asked(cancel) : null);

    /// <summary>The first reason stands.</summary>
    public void End(SessionEnd reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, -1) == -1)
            _stop.Cancel();
    }

    public void Dispose() => _stop.Dispose();
}
