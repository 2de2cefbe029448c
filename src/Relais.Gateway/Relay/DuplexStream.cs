using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Relais.Gateway.Relay;

/// <summary>A stream of ours in both directions, for code that reads and writes asynchronously: nothing else that a stream could do.</summary>
internal abstract class DuplexStream : Stream
{
    /// <summary>Whether reading nothing waits until there is something to read, or the end.</summary>
    protected virtual bool AwaitsWithoutBuffer => false;

    /// <summary>Whether reading nothing from it waits, so that one who waits need hold no buffer.</summary>
    public static bool Awaits(Stream stream) => stream is SslStream or NetworkStream or WebSocketStream or DuplexStream { AwaitsWithoutBuffer: true };

    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override void Flush()
    {
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();
}
