using System.Buffers;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Recordings;
using Relais.Gateway.Relay;
using Relais.Recordings;

namespace Relais.Gateway.Native;

/// <summary>
/// A native client, of which is recorded what the portal's client can show again. The client itself gets every byte as it came, after what
/// is recorded of it.
/// </summary>
/// <param name="answer">The RDCleanPath answer with which such a recording begins.</param>
internal sealed class ReplayableStream(Stream client, SessionRecorder recorder, ReadOnlyMemory<byte> answer) : DuplexStream
{
    private readonly RdpFrameSplitter _frames = new();
    private readonly RdpReplayable _replayable = new();
    private readonly ArrayBufferWriter<byte> _shown = new();
    private readonly List<int> _messages = [];
    private bool _answered;

    protected override bool AwaitsWithoutBuffer => Awaits(client);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => client.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_answered)
        {
            _answered = true;
            await recorder.RecordAsync(RecordingChunkKind.Shown, answer, cancellationToken);
        }

        Take(buffer.Span);
        var from = 0;
        foreach (var until in _messages)
        {
            await recorder.RecordAsync(RecordingChunkKind.Shown, _shown.WrittenMemory[from..until], cancellationToken);
            from = until;
        }

        await client.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);

    // A message for each frame of the start-up, as IronRDP needs them, and one for all that comes together later.
    private void Take(ReadOnlySpan<byte> bytes)
    {
        _shown.ResetWrittenCount();
        _messages.Clear();
        while (_frames.TryTake(ref bytes, out var frame))
        {
            var together = _replayable.Started && _messages.Count > 0;
            _replayable.Take(frame, shown =>
            {
                _shown.Write(shown);
                if (together)
                    _messages[^1] = _shown.WrittenCount;
                else
                    _messages.Add(_shown.WrittenCount);
            });
        }
    }
}
