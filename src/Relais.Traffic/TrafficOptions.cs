using System.ComponentModel.DataAnnotations;

namespace Relais.Traffic;

/// <summary>What this node takes in from sites and players, and where it keeps it.</summary>
public sealed class TrafficOptions
{
    public const string Section = "Traffic";

    /// <summary>Whether this node answers at /c.</summary>
    public bool Collect { get; set; } = true;

    /// <summary>The directory of the log; empty for "traffic" in the node's data. On a disk of its own where it can be.</summary>
    public string Log { get; set; } = "";

    /// <summary>Bytes of a segment of the log.</summary>
    [Range(1 << 16, 1 << 30)]
    public int SegmentBytes { get; set; } = 256 << 20;

    /// <summary>Bytes that may wait for the disk; above it beacons are answered 503.</summary>
    [Range(1 << 14, 64 << 20)]
    public int BufferBytes { get; set; } = 4 << 20;

    /// <summary>How long a beacon may wait for the disk; above it further ones are answered 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Beacons a second from one network (/24 or /48) before the rest are answered 429; 0 for no limit.</summary>
    [Range(0, 1_000_000)]
    public int PerNetworkPerSecond { get; set; } = 1000;

    /// <summary>Addresses of the proxies that end TLS in front: of what they forward, the last address of X-Forwarded-For is the sender's.</summary>
    public IList<string> Proxies { get; } = [];

    /// <summary>How long segments stay after all readers have passed them.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan KeepSegments { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long live figures stay by the minute, once the history has their hours: channels are compared with the days before.</summary>
    [Range(typeof(TimeSpan), "2.00:00:00", "400.00:00:00")]
    public TimeSpan KeepFigures { get; set; } = TimeSpan.FromDays(15);

    /// <summary>
    /// Where history is kept once one machine does not hold it: a connection string of ClickHouse's HTTP interface, such as
    /// <c>Host=clickhouse.example;Port=8443;Protocol=https;Database=relais;Username=relais;Password=...</c>, the same on every node. Empty: Parquet files of this node.
    /// </summary>
    public string ClickHouse { get; set; } = "";
}
