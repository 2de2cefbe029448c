using System.Buffers;
using System.Threading.Channels;
using Relais.Access.Contracts;
using Relais.Gateway.Protocols.Recordings;

namespace Relais.Gateway.Watching;

/// <summary>Somebody who watches a session of this node.</summary>
internal sealed class Watcher(Guid watch, SignInId signIn) : IDisposable
{
    // A watcher who is slower than a terminal for so long is let go: the session does not wait for anybody who watches.
    private const int Behind = 512;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _shown = Channel.CreateBounded<byte[]>(Behind);

    public Guid Watch { get; } = watch;

    public SignInId SignIn { get; } = signIn;

    /// <summary>Fires when it is over.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>What a terminal showed, as chunks of a recording.</summary>
    public ChannelReader<byte[]> Shown => _shown.Reader;

    public void Show(RecordingChunkKind kind, ReadOnlySpan<byte> payload)
    {
        var chunk = new ArrayBufferWriter<byte>();
        RecordingChunk.Write(chunk, kind, TimeSpan.Zero, payload);
        if (!_shown.Writer.TryWrite(chunk.WrittenSpan.ToArray()))
            Stop();
    }

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();
}
