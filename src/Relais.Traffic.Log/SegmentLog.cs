namespace Relais.Traffic.Log;

/// <summary>
/// An append-only log that says "on disk" only when it is. One thread writes: it takes all that has come while the last batch was written, writes it as one block,
/// syncs it and completes one task for the whole batch. There is no timer: a lone record waits for nobody, and a thousand share one sync.
/// </summary>
/// <remarks>
/// A start opens a new segment, so that nothing is ever written over. An error of sync ends the log for good; an error of writing (the disk is full) refuses the batch
/// and tries the next one. Records are bytes to it, and never split.
/// </remarks>
public sealed class SegmentLog : IDisposable
{
    private readonly ILogFiles _files;
    private readonly SegmentLogOptions _options;
    private readonly TimeProvider _clock;
    private readonly Thread _writer;
    private readonly object _gate = new();

    private Batch _filling;
    private Batch _spare;
    private Batch? _writing;
    private bool _closed;

    // Of the writer's thread only.
    private bool _failed;
    private ILogFile? _segment;
    private LogPosition _at;

    // Swapped whole, so that a reader sees one place and never half of two.
    private volatile DurableEnd _end;

    private SegmentLog(ILogFiles files, LogPosition at, SegmentLogOptions options, TimeProvider clock)
    {
        (_files, _at, _options, _clock) = (files, at, options, clock);
        (_filling, _spare) = (new Batch(options.BufferBytes), new Batch(options.BufferBytes));
        _end = new DurableEnd(at);
        _writer = new Thread(Write) { IsBackground = true, Name = "traffic log" };
    }

    /// <summary>Behind all that is on disk: readers go no further, so that they never count what a loss of power takes back.</summary>
    public LogPosition End => _end.Position;

    /// <summary>How long the oldest record that is not on disk yet has waited.</summary>
    public TimeSpan Waiting
    {
        get
        {
            lock (_gate)
                return Oldest is { } since ? _clock.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    /// <summary>Bytes that are not on disk yet.</summary>
    public int WaitingBytes
    {
        get
        {
            lock (_gate)
                return (_writing?.Length ?? 0) + (_filling.Count > 0 ? _filling.Length : 0);
        }
    }

    private long? Oldest => _writing?.Since ?? (_filling.Count > 0 ? _filling.Since : null);

    /// <summary>Recovers what is on disk and begins behind it.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static SegmentLog Open(ILogFiles files, SegmentLogOptions options, TimeProvider clock)
    {
        if (options.BufferBytes <= BlockHeader.Length || options.BufferBytes > options.SegmentBytes)
            throw new ArgumentException("A segment must have room for a whole buffer.", nameof(options));
        var log = new SegmentLog(files, Recovery.Find(files), options, clock);
        log._writer.Start();
        return log;
    }

    /// <summary>Copies records to be written with the next batch.</summary>
    /// <param name="count">How many records these bytes are; they stay together.</param>
    /// <param name="durable">True when they are on disk; false when that failed, and then they may or may not be.</param>
    public AppendResult TryAppend(ReadOnlySpan<byte> records, int count, out Task<bool> durable)
    {
        lock (_gate)
        {
            durable = _filling.Done.Task;
            if (_closed)
                return AppendResult.Closed;
            if (Oldest is { } since && _clock.GetElapsedTime(since) > _options.LongestWait)
                return AppendResult.Slow;
            if (!_filling.TryAdd(records, count))
                return AppendResult.Full;
            if (_filling.Count == count)
            {
                _filling.Since = _clock.GetTimestamp();
                Monitor.Pulse(_gate);
            }

            return AppendResult.Taken;
        }
    }

    /// <summary>Deletes the segments before this one: every reader has passed them.</summary>
    public int DeleteBefore(long segment)
    {
        var gone = 0;
        foreach (var old in _files.Segments().Where(s => s < Math.Min(segment, End.Segment)))
        {
            _files.Delete(old);
            gone++;
        }

        return gone;
    }

    /// <summary>Writes what was taken, and takes nothing more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        if (_writer.IsAlive && Thread.CurrentThread != _writer)
            _writer.Join();
    }

    private void Write()
    {
        while (Take() is { } batch)
        {
            var done = Commit(batch);
            var waiting = batch.Done;
            lock (_gate)
            {
                batch.Clear();
                (_writing, _spare) = (null, batch);
            }

            waiting.SetResult(done);
        }

        Finish();
    }

    private Batch? Take()
    {
        lock (_gate)
        {
            while (_filling.Count == 0 && !_closed)
                Monitor.Wait(_gate);
            if (_filling.Count == 0)
                return null;
            (_writing, _filling) = (_filling, _spare);
            return _writing;
        }
    }

    private bool Commit(Batch batch)
    {
        try
        {
            var segment = _segment is { } open && _at.Offset + batch.Length <= _options.SegmentBytes ? open : Roll();
            var block = batch.Bytes.AsSpan(0, batch.Length);
            BlockHeader.Seal(block, batch.Count, _at.Sequence, _clock.GetUtcNow().ToUnixTimeMilliseconds(), _at.Segment);
            segment.Write(block, _at.Offset);
            segment.Sync();
            _at = new LogPosition(_at.Segment, BlockHeader.Align(_at.Offset + block.Length), _at.Sequence + batch.Count);
            _end = new DurableEnd(_at);
            return true;
        }
        catch (SyncFailedException e)
        {
            lock (_gate)
                _closed = true;
            _failed = true;
            _options.OnSyncFailed(e);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.OnWriteFailed(e);
            return false;
        }
    }

    private ILogFile Roll()
    {
        var next = _files.Create(_at.Segment + 1, _options.SegmentBytes);
        _segment?.Dispose();
        (_segment, _at) = (next, new LogPosition(_at.Segment + 1, 0, _at.Sequence));
        return next;
    }

    private void Finish()
    {
        if (_segment is not { } last)
            return;
        try
        {
            if (!_failed)
                last.Truncate(_at.Offset);
        }
        catch (IOException)
        {
            // Only room on the disk; the next start gives it back.
        }

        last.Dispose();
    }

    private sealed record DurableEnd(LogPosition Position);

    private sealed class Batch(int size)
    {
        // Pinned: the kernel reads from it, and nothing moves 4 MiB.
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(size, pinned: true);

        public int Length { get; private set; } = BlockHeader.Length;

        public int Count { get; private set; }

        public long Since { get; set; }

        public TaskCompletionSource<bool> Done { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool TryAdd(ReadOnlySpan<byte> records, int count)
        {
            if (records.Length > Bytes.Length - Length)
                return false;
            records.CopyTo(Bytes.AsSpan(Length));
            (Length, Count) = (Length + records.Length, Count + count);
            return true;
        }

        public void Clear() => (Length, Count, Done) = (BlockHeader.Length, 0, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
