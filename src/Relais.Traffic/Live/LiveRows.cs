namespace Relais.Traffic.Live;

/// <summary>How far a reader of a collector's log has come; written with what it made of it, in one transaction.</summary>
internal sealed class LogReaderRow
{
    /// <summary>The log's identity, from its directory.</summary>
    public Guid Log { get; set; }

    /// <summary>"live", or the name of another reader.</summary>
    public required string Reader { get; set; }

    public long Segment { get; set; }

    public long Offset { get; set; }

    public long Sequence { get; set; }

    /// <summary>Records that were damaged beyond reading.</summary>
    public long Lost { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>What happened in a minute, of one value of one dimension, as one log tells it.</summary>
internal sealed class LiveCell
{
    public Guid Log { get; set; }

    /// <summary>Minutes since 1970, UTC.</summary>
    public int Minute { get; set; }

    public short Dimension { get; set; }

    public required string Value { get; set; }

    public long Views { get; set; }

    public long Hits { get; set; }

    public long Starts { get; set; }

    /// <summary>Slots of ten seconds that were heard.</summary>
    public long Slots { get; set; }

    public int PeakListeners { get; set; }

    public int PeakVisitors { get; set; }

    /// <summary>Grows with each amendment after the watermark has passed the minute; 1 until then.</summary>
    public int Revision { get; set; }
}

/// <summary>Who came in a quarter of an hour, as sketches: quarters make a day.</summary>
internal sealed class LiveReach
{
    public Guid Log { get; set; }

    /// <summary>Quarters of an hour since 1970, UTC.</summary>
    public int Quarter { get; set; }

    public short Dimension { get; set; }

    public required string Value { get; set; }

    /// <summary>Visitors of pages, in Redis's bytes.</summary>
    public required byte[] Visitors { get; set; }

    /// <summary>Listeners, in Redis's bytes.</summary>
    public required byte[] Listeners { get; set; }
}
