using System.Collections.Concurrent;
using System.Threading.Channels;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Dialling;

/// <summary>Wakes this node's dialler, and the interviewers who wait here. Whoever misses a signal looks again soon: what counts is in the rows.</summary>
internal sealed class DiallerSignals : ICallWatcher
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();

    public void Changed(Guid call) => Wake();

    /// <summary>Something happened that may let a call be placed, connected or ended.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Until the next wake, or so long.</summary>
    public async Task WokenAsync(TimeSpan longest, TimeProvider clock, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(longest, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            await _wakes.Reader.ReadAsync(over.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time for a look.
        }
    }

    /// <summary>Something happened to somebody who waits.</summary>
    public void Tell(Guid person)
    {
        if (_waiting.TryRemove(person, out var waits))
            waits.TrySetResult();
    }

    /// <summary>Taken before the rows are looked at, so that nothing is missed between.</summary>
    public Task Of(Guid person) => _waiting.GetOrAdd(person, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
