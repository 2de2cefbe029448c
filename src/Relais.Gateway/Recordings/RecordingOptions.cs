using System.ComponentModel.DataAnnotations;

namespace Relais.Gateway.Recordings;

/// <summary>How sessions are recorded. Whether they are is a rule of the bundle or workstation.</summary>
public sealed class RecordingOptions
{
    public const string Section = "Gateway:Recording";

    /// <summary>Where recordings lie; empty for <c>recordings</c> in the data directory.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Whether they are encrypted at rest. Without the institute's data protection keys they are then lost.</summary>
    public bool Encrypt { get; set; } = true;

    /// <summary>Bytes that one session may wait to be written.</summary>
    [Range(256 * 1024, 64 * 1024 * 1024)]
    public int BufferBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>How long a session may be held up by a disk that is slower than it, before its recording has failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes that recordings leave free on their disk: none begins below, and those under way stop.</summary>
    [Range(0, long.MaxValue)]
    public long FreeBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>After how many days a recording is deleted, unless it is held.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 90;

    /// <summary>How often this node looks for recordings to delete.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PurgeEvery { get; set; } = TimeSpan.FromHours(1);
}
