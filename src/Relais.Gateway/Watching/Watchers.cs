using Relais.Recordings;

namespace Relais.Gateway.Watching;

/// <summary>Those who watch one connection, and for a terminal what it showed last, so that they see more than what comes.</summary>
internal sealed class Watchers
{
    private const int KeptBytes = 32 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Watcher> _all = [];
    private byte[] _kept = [];
    private int _length;
    private int _columns;
    private int _rows;

    public IReadOnlyList<Watcher> All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    /// <summary>The screen of an RDP session; null for others.</summary>
    public RdpScreen? Screen { get; set; }

    /// <returns>False when there is nothing yet that they could be shown.</returns>
    public bool Add(Watcher watcher)
    {
        lock (_lock)
        {
            if (Screen is { Started: false })
                return false;
            _all.Add(watcher);
            Screen?.Begin(watcher);
            if (_columns > 0)
                watcher.Show(RecordingChunkKind.Size, RecordingChunk.Size(_columns, _rows));
            if (_length > 0)
                watcher.Show(RecordingChunkKind.Shown, _kept.AsSpan(0, _length));
            return true;
        }
    }

    public void Remove(Watcher watcher)
    {
        lock (_lock)
            _all.Remove(watcher);
    }

    /// <summary>This is on its way to an RDP client.</summary>
    public void ShowScreen(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
            Screen?.Take(bytes, _all);
    }

    /// <summary>A terminal showed this.</summary>
    public void Show(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            Keep(bytes);
            foreach (var watcher in _all)
                watcher.Show(RecordingChunkKind.Shown, bytes);
        }
    }

    public void Resize(int columns, int rows)
    {
        lock (_lock)
        {
            (_columns, _rows) = (columns, rows);
            foreach (var watcher in _all)
                watcher.Show(RecordingChunkKind.Size, RecordingChunk.Size(_columns, _rows));
        }
    }

    /// <summary>The connection is over.</summary>
    public void StopAll()
    {
        foreach (var watcher in All)
            watcher.Stop();
    }

    // Grows with what is shown: a shell at rest has shown a line. Once it is full the older half goes.
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var last = bytes.Length > KeptBytes ? bytes[^KeptBytes..] : bytes;
        if (_length + last.Length > 2 * KeptBytes)
        {
            var stays = KeptBytes - last.Length;
            _kept.AsSpan(_length - stays, stays).CopyTo(_kept);
            _length = stays;
        }

        if (_length + last.Length > _kept.Length)
            Array.Resize(ref _kept, Math.Min(2 * KeptBytes, Math.Max(_length + last.Length, 2 * _kept.Length)));
        last.CopyTo(_kept.AsSpan(_length));
        _length += last.Length;
    }
}
