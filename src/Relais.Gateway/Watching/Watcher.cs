using System.Buffers;
using System.Threading.Channels;
using Relais.Access.Contracts;
using Relais.Gateway.Protocols.Rdp;
using Relais.Recordings;

namespace Relais.Gateway.Watching;

/// <summary>Somebody who watches a session of this node.</summary>
internal sealed class Watcher(Guid watch, SignInId signIn) : IDisposable
{
    // The session does not wait for anybody who watches. Whoever is so far behind a terminal is let go.
    private const int TerminalBytes = 2 * 1024 * 1024;

    // Of a screen nothing more is kept for them until they have caught up, and then they are shown the whole of it again.
    private const int ScreenBytes = 4 * 1024 * 1024;

    // What a screen's start takes in more is not bounded otherwise.
    private const int StartBytes = 4 * ScreenBytes;

    // Never disposed: it holds nothing without a timer, and whoever lets them go may come after they left.
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _shown = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });
    private int _waiting;
    private bool _behind = true;
    private bool _joined;
    private bool _headed;

    public Guid Watch { get; } = watch;

    public SignInId SignIn { get; } = signIn;

    /// <summary>Fires when it is over.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>
    /// What was shown, as chunks of a recording. In the place of one that is a picture, and empty, belongs the picture as it is by then.
    /// </summary>
    public async IAsyncEnumerable<byte[]> ShownAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var chunk in _shown.Reader.ReadAllAsync(cancel))
        {
            yield return chunk;
            Interlocked.Add(ref _waiting, -chunk.Length);
        }
    }

    public void Show(RecordingChunkKind kind, ReadOnlySpan<byte> payload)
    {
        if (Volatile.Read(ref _waiting) > TerminalBytes)
            Stop();
        else
            Put(kind, payload);
    }

    /// <summary>Shows a frame of RDP, unless it continues what they were not shown.</summary>
    public void ShowFrame(ReadOnlySpan<byte> frame, RdpShown shown)
    {
        var waiting = Volatile.Read(ref _waiting);
        if (waiting > StartBytes)
            Stop();
        if (!RdpFrame.IsFastPath(frame[0]))
        {
            // A restart must not be missed; there is one when somebody changes a screen's size.
            Put(RecordingChunkKind.Shown, frame);
            return;
        }

        if (RdpShown.Begins(frame))
            Follow(waiting);
        if (_behind)
            return;
        if (_headed)
            Put(RecordingChunkKind.Shown, frame);
        else
            Put(RecordingChunkKind.Shown, shown.First(frame, out _headed));
    }

    public void Stop() => _stop.Cancel();

    public void Dispose() => Stop();

    // At a frame that begins something: whoever has caught up is shown the whole picture again, which stands for what was left out.
    private void Follow(int waiting)
    {
        if (_joined && _behind && waiting == 0)
            Put(RecordingChunkKind.Picture, []);
        _behind = _joined && (_behind ? waiting > 0 : waiting > ScreenBytes);
        _joined = true;
    }

    private void Put(RecordingChunkKind kind, ReadOnlySpan<byte> payload)
    {
        var chunk = Chunk(kind, payload);
        Interlocked.Add(ref _waiting, chunk.Length);
        _shown.Writer.TryWrite(chunk);
    }

    public static byte[] Chunk(RecordingChunkKind kind, ReadOnlySpan<byte> payload)
    {
        var chunk = new ArrayBufferWriter<byte>(RecordingChunk.HeadLength + payload.Length + RecordingChunk.CrcLength);
        RecordingChunk.Write(chunk, kind, TimeSpan.Zero, payload);
        return chunk.WrittenSpan.ToArray();
    }

    public static bool IsPicture(ReadOnlySpan<byte> chunk) => (RecordingChunkKind)chunk[4] == RecordingChunkKind.Picture;
}
