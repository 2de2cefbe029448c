namespace Relais.Traffic.Measures.Records;

/// <summary>What a record tells of. The numbers are stored: they never change.</summary>
public enum RecordKind : byte
{
    /// <summary>No record is of this kind.</summary>
    None = 0,

    /// <summary>A page was shown.</summary>
    PageView = 1,

    /// <summary>A player is still playing: <see cref="Record.PlayedMs"/> were heard up to <see cref="Record.PositionMs"/>.</summary>
    Heartbeat = 2,

    /// <summary>A player began.</summary>
    Start = 3,

    /// <summary>A player was halted, and may go on.</summary>
    Pause = 4,

    /// <summary>A player ended.</summary>
    Stop = 5,

    /// <summary>A request that a server's log tells of, or anything else that is only counted.</summary>
    Hit = 6,
}

/// <summary>What is known about a record beyond its fields. Stored: bits keep their meaning.</summary>
[Flags]
public enum RecordFlags : ushort
{
    None = 0,

    /// <summary>By its user agent not a person; kept, and left out of audience figures.</summary>
    Bot = 1,

    /// <summary>The sender said an age beyond what is believed; the age stored is the limit.</summary>
    AgeClamped = 2,

    /// <summary>The sender said a time that had not come yet, by little; taken as now.</summary>
    FromFuture = 4,

    /// <summary>Read from a file, not sent by a browser or player.</summary>
    Imported = 8,

    /// <summary>The visitor consented: <see cref="Record.Visitor"/> is the same for as long as the sender keeps its identifier.</summary>
    Consented = 16,
}

/// <summary>What a page or a stream was seen or heard with. The numbers are stored: they never change.</summary>
public enum DeviceKind : byte
{
    Unknown = 0,
    Desktop = 1,
    Mobile = 2,
    Tablet = 3,
    Television = 4,
    Speaker = 5,
    Car = 6,
}
