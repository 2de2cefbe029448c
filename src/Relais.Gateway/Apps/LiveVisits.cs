using System.Collections.Concurrent;
using System.Net;
using Relais.Access.Contracts;

namespace Relais.Gateway.Apps;

/// <summary>The requests to apps that this node carries now, WebSockets and streams among them.</summary>
internal sealed class LiveVisits
{
    private readonly ConcurrentDictionary<LiveVisit, byte> _all = new();

    public IReadOnlyCollection<LiveVisit> All => [.. _all.Keys];

    public LiveVisit Hold(AppVisit visit, IPAddress? from)
    {
        var live = new LiveVisit(visit, from, this);
        _all.TryAdd(live, 0);
        return live;
    }

    internal void Remove(LiveVisit live) => _all.TryRemove(live, out _);
}

/// <summary>One request, until it is disposed of.</summary>
internal sealed class LiveVisit(AppVisit visit, IPAddress? from, LiveVisits all) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public AppVisit Visit { get; } = visit;

    /// <summary>As the rules of access are asked about it.</summary>
    public AccessAsked Asked { get; } = new(new PersonId(visit.PersonId), new SignInId(visit.SignInId), AccessTarget.App, from);

    /// <summary>Fires when the person may not go on.</summary>
    public CancellationToken Stopped => _stop.Token;

    public void End()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in the same moment.
        }
    }

    public void Dispose()
    {
        all.Remove(this);
        _stop.Dispose();
    }
}
