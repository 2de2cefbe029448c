namespace Relais.Traffic.Log;

/// <summary>How much a log takes at once, and how long it lets anybody wait.</summary>
public sealed record SegmentLogOptions
{
    /// <summary>Bytes of a segment, whose room is taken when it is begun.</summary>
    public long SegmentBytes { get; init; } = 256L << 20;

    /// <summary>Bytes that may wait while others are written; there are two such buffers.</summary>
    public int BufferBytes { get; init; } = 4 << 20;

    /// <summary>When what is waiting is older than this, nothing more is taken.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Called once, on the writer's thread, when the disk cannot promise what it holds: end the process.</summary>
    public Action<Exception> OnSyncFailed { get; init; } = static _ => { };

    /// <summary>Called when a batch could not be written, on the writer's thread: the disk is full. The next batch is tried again.</summary>
    public Action<Exception> OnWriteFailed { get; init; } = static _ => { };
}

/// <summary>What became of records that were to be appended.</summary>
public enum AppendResult
{
    /// <summary>Taken: the task says whether they are on disk.</summary>
    Taken,

    /// <summary>Too much is waiting.</summary>
    Full,

    /// <summary>What is waiting has waited too long.</summary>
    Slow,

    /// <summary>The log is closed, or the disk failed.</summary>
    Closed,
}
