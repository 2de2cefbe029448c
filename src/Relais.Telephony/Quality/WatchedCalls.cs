using System.Collections.Concurrent;

namespace Relais.Telephony.Quality;

/// <summary>The answered calls that this node carries.</summary>
internal sealed class WatchedCalls
{
    private readonly ConcurrentDictionary<Guid, WatchedCall> _calls = new();

    public IReadOnlyCollection<WatchedCall> All => [.. _calls.Values];

    public WatchedCall? Find(Guid call) => _calls.GetValueOrDefault(call);

    public void Add(WatchedCall call)
    {
        _calls[call.Id] = call;
        call.Listen();
    }

    public void Remove(Guid call) => _calls.TryRemove(call, out _);
}
