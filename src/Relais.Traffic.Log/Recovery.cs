namespace Relais.Traffic.Log;

/// <summary>Finds where a log ended: behind the last block that is whole. What comes after was never acknowledged.</summary>
internal static class Recovery
{
    public static LogPosition Find(ILogFiles files)
    {
        var segments = files.Segments();
        if (segments.Count == 0)
            return new LogPosition(0, 0, 0);
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            using var reader = new LogReader(files, new LogPosition(segments[i], 0, -1));
            LogPosition? last = null;
            while (reader.TryRead(new LogPosition(segments[i] + 1, 0, 0), out var block))
                last = block.Next;
            Trim(files, segments[i], last?.Offset ?? 0);
            if (last is { } end)
                // The newest number counts, even of a segment in which nothing was finished: its name is taken.
                return i == segments.Count - 1 ? end : new LogPosition(segments[^1], 0, end.Sequence);
        }

        return new LogPosition(segments[^1], 0, 0);
    }

    // The page cache survives a killed process: what is read here must be on disk before anybody counts it.
    private static void Trim(ILogFiles files, long segment, long length)
    {
        using var file = files.Open(segment);
        if (file is null)
            return;
        if (file.Length > length)
            file.Truncate(length);
        file.Sync();
    }
}
