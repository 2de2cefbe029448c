using System.Buffers;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>A target that is told of a native client only what a replay can draw as well. What the target sends passes by.</summary>
internal sealed class NarrowedStream(Stream target) : DuplexStream
{
    private readonly RdpNarrowing _narrowing = new();
    private readonly ArrayBufferWriter<byte> _narrowed = new();

    protected override bool AwaitsWithoutBuffer => Awaits(target);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => target.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            if (!_narrowing.TryTake(buffer.Span, _narrowed))
                throw new IOException("The client sent no RDP, or says what it can draw in a way that is not known here.");
            if (_narrowed.WrittenCount > 0)
                await target.WriteAsync(_narrowed.WrittenMemory, cancellationToken);
        }
        finally
        {
            // Keys and, at the start, the target's password went through it: cleared, not only forgotten.
            _narrowed.Clear();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);
}
