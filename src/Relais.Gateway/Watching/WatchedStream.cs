using Relais.Gateway.Relay;

namespace Relais.Gateway.Watching;

/// <summary>A client, with those who watch what it is shown.</summary>
internal sealed class WatchedStream(Stream client, Watchers watchers) : DuplexStream
{
    protected override bool AwaitsWithoutBuffer => Awaits(client);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => client.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (watchers.Screen is null)
            watchers.Show(buffer.Span);
        else
            watchers.ShowScreen(buffer.Span);
        return client.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);
}
