namespace Relais.Traffic.Live;

/// <summary>What a collector shows, written over each second. Gone after a crash of PostgreSQL, and there again a second later.</summary>
internal sealed class LivePictureRow
{
    public Guid Log { get; set; }

    /// <summary>By PostgreSQL's clock, so that those of nodes need not agree.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>A <see cref="Measures.Live.LivePicture"/> as JSON.</summary>
    public required byte[] Picture { get; set; }
}

/// <summary>Beacons that lie in a log and were counted by another collector.</summary>
internal sealed class TwinRow
{
    public Guid Log { get; set; }

    /// <summary>They are among the records up to this one.</summary>
    public long Sequence { get; set; }

    /// <summary>8 bytes of each id, little endian.</summary>
    public required byte[] Ids { get; set; }
}

/// <summary>What a collector tells the others with a commit. Numbers grow in the order of commits: they are dealt in the collector's turn.</summary>
internal sealed class SharedSecond
{
    public long Number { get; set; }

    public Guid Log { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Of each beacon that it counted, 8 bytes of the id, little endian.</summary>
    public required byte[] Ids { get; set; }

    /// <summary>Players and visitors who came to it, 8 bytes each: they are nowhere else any more.</summary>
    public required byte[] Arrivals { get; set; }
}
