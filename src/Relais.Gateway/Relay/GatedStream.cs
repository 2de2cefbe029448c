using System.Buffers;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>The target's end for a client whose clipboard is open one way only: what may not pass is not written.</summary>
internal sealed class GatedStream(Stream target, ClipboardGate gate) : DuplexStream
{
    private readonly ArrayBufferWriter<byte> _passed = new();

    protected override bool AwaitsWithoutBuffer => Awaits(target);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => target.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            gate.Take(buffer.Span, _passed);
            if (_passed.WrittenCount > 0)
                await target.WriteAsync(_passed.WrittenMemory, cancellationToken);
            if (gate.IsLost)
                throw new IOException("The client sends what is no frame of RDP.");
        }
        finally
        {
            // Keys went through it: cleared, not only forgotten.
            _passed.Clear();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);
}
