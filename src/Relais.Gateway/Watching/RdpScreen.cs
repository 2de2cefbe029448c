using Relais.Gateway.Protocols.Rdp;
using Relais.Recordings;

namespace Relais.Gateway.Watching;

/// <summary>
/// What those who watch an RDP session of the portal's client are shown: its start-up, and then each frame of its picture. Called under the
/// lock of its <see cref="Watchers"/>.
/// </summary>
internal sealed class RdpScreen
{
    private readonly RdpShown _shown = new();
    private readonly RdpFrameSplitter _frames = new();
    private bool _answered;

    /// <summary>Whether somebody may join by now.</summary>
    public bool Started => _shown.Started;

    /// <summary>Bytes on their way to the person's client, in any pieces after the first, which is the RDCleanPath answer.</summary>
    public void Take(ReadOnlySpan<byte> bytes, IReadOnlyList<Watcher> watchers)
    {
        if (!_answered)
        {
            _answered = true;
            _shown.TakeAnswer(bytes);
            return;
        }

        while (_frames.TryTake(ref bytes, out var frame))
        {
            if (!_shown.Take(frame))
                continue;
            foreach (var watcher in watchers)
                watcher.ShowFrame(frame, _shown);
        }
    }

    /// <summary>Somebody joins: they go through the start-up first, and then are shown what was drawn by now.</summary>
    public void Begin(Watcher watcher)
    {
        foreach (var message in _shown.StartUp)
            watcher.Show(RecordingChunkKind.Shown, message);
        watcher.Show(RecordingChunkKind.Picture, []);
    }
}
