using System.Collections.Concurrent;

namespace Relais.Gateway.Native;

/// <summary>
/// The legacy HTTP transport comes as two requests, which the client's connection id ties together. The half that carries answers comes
/// first and waits here for the other one.
/// </summary>
internal sealed class HalfTunnels
{
    private readonly ConcurrentDictionary<Guid, HalfTunnel> _waiting = new();

    /// <summary>Starts a tunnel.</summary>
    /// <returns>Null when one of this id waits already.</returns>
    public HalfTunnel? Open(Guid id, string? address)
    {
        var half = new HalfTunnel(address);
        return _waiting.TryAdd(id, half) ? half : null;
    }

    /// <summary>Whether a tunnel waits for this client's other half.</summary>
    public bool Knows(Guid id, string? address) => _waiting.TryGetValue(id, out var half) && half.BelongsTo(address);

    /// <summary>Gives a waiting tunnel its other half.</summary>
    /// <param name="abort">Breaks that half off, so that a read of it ends.</param>
    /// <returns>Null when none waits for it from this address, or another one was faster.</returns>
    public HalfTunnel? Join(Guid id, string? address, Stream input, Action abort)
    {
        if (!_waiting.TryGetValue(id, out var half) || !half.BelongsTo(address) || !half.TryGive(input, abort))
            return null;
        Forget(id, half);
        return half;
    }

    public void Forget(Guid id, HalfTunnel half) => _waiting.TryRemove(KeyValuePair.Create(id, half));
}

/// <summary>A tunnel that has, or had, only the half towards the client.</summary>
internal sealed class HalfTunnel(string? address)
{
    private readonly TaskCompletionSource<(Stream Input, Action Abort)> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The other half, when it comes.</summary>
    public Task<(Stream Input, Action Abort)> Given => _given.Task;

    /// <summary>The tunnel has let go of the other half, whose request must not end before: its stream would be another request's.</summary>
    public Task Over => _over.Task;

    /// <summary>Nobody has signed in at this point: the client's address is all that there is to compare.</summary>
    public bool BelongsTo(string? other) => string.Equals(address, other, StringComparison.Ordinal);

    public bool TryGive(Stream input, Action abort) => _given.TrySetResult((input, abort));

    public void End()
    {
        _given.TrySetCanceled();
        _over.TrySetResult();
    }
}
