using System.Threading.Channels;
using Relais.Access.Contracts;
using Relais.Gateway.Recordings;
using Relais.Gateway.Relay;
using Relais.Gateway.Watching;
using Relais.Recordings;

namespace Relais.Gateway.Sessions;

/// <summary>The connections that this node holds open now.</summary>
internal sealed class LiveSessions
{
    private readonly Lock _lock = new();
    private readonly List<LiveSession> _connections = [];

    public IReadOnlyCollection<LiveSession> All
    {
        get
        {
            lock (_lock)
                return [.. _connections];
        }
    }

    /// <summary>Sessions, and not connections: one that is taken up again may have two for a moment.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return CountWithout(Guid.Empty);
        }
    }

    /// <summary>Takes a connection in, unless it would be of one session more than this many.</summary>
    public bool TryAdd(LiveSession live, int most)
    {
        lock (_lock)
        {
            if (CountWithout(live.SessionId) >= most)
                return false;
            _connections.Add(live);
            return true;
        }
    }

    public void Remove(LiveSession live)
    {
        lock (_lock)
            _connections.Remove(live);
    }

    private int CountWithout(Guid session) => _connections.Where(l => l.SessionId != session).DistinctBy(l => l.SessionId).Count();
}

/// <summary>One connection of a session on this node.</summary>
/// <param name="asked">Looks up whether the session was asked to end, and why.</param>
internal sealed class LiveSession(Session session, Func<CancellationToken, Task<SessionEnd?>> asked) : IDisposable
{
    private const int NoticesWaiting = 16;

    private readonly CancellationTokenSource _stop = new();

    // A page that does not read loses the oldest: the last word on each thing is what counts.
    private readonly Channel<Notice> _notices = Channel.CreateBounded<Notice>(
        new BoundedChannelOptions(NoticesWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private int _reason = -1;

    public Guid SessionId { get; } = session.Id;

    /// <summary>Which connection of its session this is; a later one has taken the session over.</summary>
    public int Connection { get; } = session.Connection;

    public SignInId SignIn { get; } = new(session.SignInId);

    public DateTimeOffset OpenedAt { get; } = session.OpenedAt;

    public RelayCounters Counters { get; } = new();

    /// <summary>Whether it goes on, by the times that a session may take.</summary>
    public SessionTimes Times { get; } = new(session.SeenAt);

    /// <summary>As the rules of access are asked about it.</summary>
    public AccessAsked Asked { get; } = SessionConditions.Of(session, session.Door, session.ClientAddress);

    /// <summary>When the rules of access close it, once that is near; null while they do not. For the watch alone.</summary>
    public DateTimeOffset? BarredFrom { get; set; }

    /// <summary>Its recording, when it has one.</summary>
    public HeldRecording? Recording { get; set; }

    /// <summary>Those who watch it.</summary>
    public Watchers Watchers { get; } = new();

    /// <summary>What its page was last told of somebody who watches. For the watch alone.</summary>
    public (Guid Watch, WatchState State)? ToldOfWatch { get; set; }

    /// <summary>What its page is to be told, where there is one.</summary>
    public ChannelReader<Notice> Notices => _notices.Reader;

    /// <summary>Fires when the connection must end.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Why it was ended from here, or null when it ended by itself.</summary>
    public SessionEnd? Reason => _reason < 0 ? null : (SessionEnd)_reason;

    /// <summary>Why its relay ended, when somebody or something asked for it.</summary>
    public async ValueTask<SessionEnd?> ReasonOfAsync(RelayEnd end, CancellationToken cancel) =>
        // A target that is taken over elsewhere drops this connection before the next look at the row.
        Reason ?? (end is RelayEnd.TargetLeft or RelayEnd.TargetLost ? await asked(cancel) : null);

    /// <summary>The client's stream, so that all that is written to it is recorded where that is the rule.</summary>
    public Stream Shown(Stream client) => Recording is { } recording ? new RecordedStream(client, recording.Recorder) : client;

    /// <summary>Its terminal has another size.</summary>
    public async ValueTask ResizeAsync(int columns, int rows, CancellationToken cancel)
    {
        Watchers.Resize(columns, rows);
        if (Recording is { Recorder: { } recorder })
            await recorder.RecordAsync(RecordingChunkKind.Size, RecordingChunk.Size(columns, rows), cancel);
    }

    public void Tell(Notice notice) => _notices.Writer.TryWrite(notice);

    /// <summary>The first reason stands.</summary>
    public void End(SessionEnd reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, -1) == -1)
            _stop.Cancel();
    }

    public void Dispose() => _stop.Dispose();
}
