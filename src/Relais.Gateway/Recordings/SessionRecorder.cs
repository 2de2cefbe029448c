using System.Buffers;
using System.Threading.Channels;
using Relais.Gateway.Contracts;
using Relais.Recordings;

namespace Relais.Gateway.Recordings;

/// <summary>
/// Writes one recording. The relay only copies into a buffer, which a task of its own writes to the disk; it waits when the buffer is full,
/// for a bounded time, after which the recording has failed. At most the buffer is lost when the disk fails.
/// </summary>
internal sealed class SessionRecorder
{
    private const int NoSpace = 28; // ENOSPC
    private const int NoQuota = 122; // EDQUOT
    private const int KeptBuffer = 64 * 1024;

    private readonly Lock _lock = new();

    // Holds at most one wish: that there is something to write.
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FileStream _file;
    private readonly RecordingSeal? _seal;
    private readonly RecordingWriter _writer;
    private readonly RecordingOptions _options;
    private readonly TimeProvider _clock;
    private readonly bool _mandatory;
    private readonly Action _ended;
    private readonly long _start;
    private readonly Task _writing;
    private ArrayBufferWriter<byte> _filling = new();
    private TaskCompletionSource? _room;
    private RecordingObstacle? _obstacle;
    private TimeSpan _last;
    private long _taken;
    private bool _finishing;

    /// <param name="file">Holds the header and nothing else; its disposal is taken over.</param>
    /// <param name="headerLength">Bytes of the header.</param>
    /// <param name="seal">Null leaves the payloads in clear.</param>
    /// <param name="mandatory">Whether nothing may be shown once it has failed.</param>
    /// <param name="failed">Called once when it fails, from any thread; must not block.</param>
    public SessionRecorder(
        FileStream file, int headerLength, RecordingSeal? seal, RecordingOptions options, bool mandatory, TimeProvider clock, Action failed)
    {
        (_file, _seal, _options, _mandatory, _clock, _ended) = (file, seal, options, mandatory, clock, failed);
        _writer = new RecordingWriter(seal);
        _start = clock.GetTimestamp();
        LengthBytes = headerLength;
        _writing = WriteAsync();
    }

    /// <summary>Why it failed, or null while it has not.</summary>
    public RecordingObstacle? Obstacle
    {
        get
        {
            lock (_lock)
                return _obstacle;
        }
    }

    /// <summary>When the last thing was recorded, since the beginning.</summary>
    public TimeSpan Duration
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    /// <summary>Whether nothing was there to record.</summary>
    public bool Empty
    {
        get
        {
            lock (_lock)
                return _taken == 0;
        }
    }

    /// <summary>Bytes that the disk took.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Takes note of something; waits while the disk is behind.</summary>
    /// <exception cref="IOException">It failed, and is mandatory.</exception>
    public async ValueTask RecordAsync(RecordingChunkKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        while (payload.Length > 0)
        {
            var part = payload[..Math.Min(payload.Length, RecordingChunk.PayloadLimit - RecordingSeal.TagLength)];
            if (!await TakeAsync(kind, part, cancel))
                break;
            payload = payload[part.Length..];
        }
    }

    /// <summary>Stops it: what was written stays.</summary>
    public void Fail(RecordingObstacle why)
    {
        lock (_lock)
        {
            if (_obstacle is not null || _finishing)
                return;
            _obstacle = why;
            _filling = new ArrayBufferWriter<byte>();
            _room?.TrySetResult();
        }

        _work.Writer.TryWrite(true);
        _ended();
    }

    /// <summary>Writes the end and what was still waiting, and closes the file.</summary>
    public async Task FinishAsync()
    {
        lock (_lock)
        {
            if (_obstacle is null && !_finishing)
                Append(RecordingChunkKind.End, []);
            _finishing = true;
        }

        _work.Writer.TryWrite(true);
        try
        {
            await _writing.WaitAsync(5 * _options.Patience, _clock);
        }
        catch (TimeoutException)
        {
            lock (_lock)
                _obstacle ??= RecordingObstacle.DiskSlow;
        }
    }

    private async ValueTask<bool> TakeAsync(RecordingChunkKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_obstacle is not null)
                    return _mandatory ? throw new IOException($"The session must be recorded, and is not any more: {_obstacle}.") : false;
                if (_finishing)
                    return false;
                // Half of the bound: the other half may be on its way to the disk.
                if (_filling.WrittenCount == 0 || _filling.WrittenCount + payload.Length < _options.BufferBytes / 2)
                {
                    var wake = _filling.WrittenCount == 0;
                    Append(kind, payload.Span);
                    _taken++;
                    if (wake)
                        _work.Writer.TryWrite(true);
                    return true;
                }

                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await room.WaitAsync(_options.Patience, _clock, cancel);
            }
            catch (TimeoutException)
            {
                Fail(RecordingObstacle.DiskSlow);
            }
        }
    }

    private void Append(RecordingChunkKind kind, ReadOnlySpan<byte> payload)
    {
        _last = _clock.GetElapsedTime(_start);
        _writer.Write(_filling, kind, _last, payload);
    }

    private async Task WriteAsync()
    {
        var taken = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                await _work.Reader.ReadAsync();
                bool last;
                lock (_lock)
                {
                    (taken, _filling) = (_filling, taken);
                    last = _finishing || _obstacle is not null;
                    _room?.TrySetResult();
                    _room = null;
                }

                await _file.WriteAsync(taken.WrittenMemory);
                LengthBytes += taken.WrittenCount;
                if (taken.Capacity > KeptBuffer)
                    taken = new ArrayBufferWriter<byte>();
                else
                    taken.ResetWrittenCount();
                if (last)
                    break;
            }

            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lock (_lock)
                _finishing = false;
            Fail(ObstacleOf(e));
        }
        finally
        {
            await _file.DisposeAsync();
            _seal?.Dispose();
        }
    }

    internal static RecordingObstacle ObstacleOf(Exception e) => e.HResult is NoSpace or NoQuota ? RecordingObstacle.DiskFull : RecordingObstacle.DiskFailed;
}
