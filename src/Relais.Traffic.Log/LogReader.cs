namespace Relais.Traffic.Log;

/// <summary>Reads a log's blocks in their order, from any place, also while it is being written.</summary>
/// <remarks>
/// What is damaged is stepped over to the next block that is whole, and counted: sequences tell how many records are missing. Only blocks on disk are followed by
/// others, so a torn last block is simply not there.
/// </remarks>
public sealed class LogReader(ILogFiles files, LogPosition from) : IDisposable
{
    private const int ScanBytes = 1 << 16;

    private ILogFile? _file;
    private long _open = -1;
    private byte[] _buffer = new byte[ScanBytes];

    /// <summary>Behind the last block that was read.</summary>
    public LogPosition Position { get; private set; } = from;

    /// <summary>Reads the next block.</summary>
    /// <param name="end">As far as may be read: <see cref="SegmentLog.End"/>.</param>
    /// <returns>False when there is none before <paramref name="end"/>.</returns>
    public bool TryRead(LogPosition end, out LogBlock block)
    {
        block = default;
        while (Position.IsBefore(end))
        {
            if (OpenSegment(end) is not { } file)
                return false;
            var limit = Position.Segment == end.Segment ? Math.Min(end.Offset, file.Length) : file.Length;
            for (var at = Position.Offset; at >= 0 && at < limit; at = NextMagic(file, at + BlockHeader.Alignment, limit))
            {
                if (TryBlock(file, at, limit, out block))
                    return true;
            }

            if (Position.Segment == end.Segment)
                return false;
            Position = Position with { Segment = Position.Segment + 1, Offset = 0 };
        }

        return false;
    }

    public void Dispose() => _file?.Dispose();

    private ILogFile? OpenSegment(LogPosition end)
    {
        if (_open == Position.Segment && _file is not null)
            return _file;
        _file?.Dispose();
        _file = files.Open(Position.Segment);
        if (_file is null)
        {
            // Deleted, or never made: on to the next that is there.
            var next = files.Segments().FirstOrDefault(s => s > Position.Segment, -1);
            if (next < 0 || next > end.Segment)
                return null;
            Position = Position with { Segment = next, Offset = 0 };
            _file = files.Open(next);
        }

        _open = Position.Segment;
        return _file;
    }

    private bool TryBlock(ILogFile file, long at, long limit, out LogBlock block)
    {
        block = default;
        if (file.Read(_buffer.AsSpan(0, BlockHeader.Length), at) < BlockHeader.Length || !BlockHeader.TryRead(_buffer, out var header))
            return false;
        // Within a segment numbers only grow, and a block of another one lies there by an accident of the file system. A segment that was brought from another log begins where it
        // likes: what is written after it is read all the same.
        if (header.PayloadLength > limit - at - BlockHeader.Length || header.Segment != Position.Segment || (header.First < Position.Sequence && Position.Offset > 0))
            return false;
        var length = BlockHeader.Length + header.PayloadLength;
        if (_buffer.Length < length)
            _buffer = new byte[length];
        if (file.Read(_buffer.AsSpan(0, length), at) < length || !header.Fits(_buffer.AsSpan(0, length)))
            return false;

        var lost = Position.Sequence < 0 ? 0 : Math.Max(0, header.First - Position.Sequence);
        Position = new LogPosition(Position.Segment, BlockHeader.Align(at + length), header.First + header.Count);
        block = new LogBlock(_buffer.AsMemory(BlockHeader.Length, header.PayloadLength), header.First, header.Count, header.WrittenMs, lost, Position);
        return true;
    }

    // The next sector that looks like a block's beginning; -1 for none.
    private long NextMagic(ILogFile file, long at, long limit)
    {
        while (at < limit)
        {
            var read = file.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length & -BlockHeader.Alignment, limit - at)), at);
            if (read == 0)
                return -1;
            for (var i = 0; i < read; i += BlockHeader.Alignment)
            {
                if (BlockHeader.TryRead(_buffer.AsSpan(i, read - i), out _))
                    return at + i;
            }

            at += BlockHeader.Align(read);
        }

        return -1;
    }
}
