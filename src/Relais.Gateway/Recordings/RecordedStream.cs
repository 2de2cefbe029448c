using Relais.Gateway.Relay;
using Relais.Recordings;

namespace Relais.Gateway.Recordings;

/// <summary>The client's side of a relay, all of which is recorded before it is shown. What the person types passes by.</summary>
internal sealed class RecordedStream(Stream client, SessionRecorder recorder) : DuplexStream
{
    protected override bool AwaitsWithoutBuffer => Awaits(client);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => client.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await recorder.RecordAsync(RecordingChunkKind.Shown, buffer, cancellationToken);
        await client.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);
}
