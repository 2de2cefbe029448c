using System.ComponentModel.DataAnnotations;

namespace Relais.Telephony.Recordings;

/// <summary>Where recordings of calls lie. Whether calls are recorded is a policy, set in the portal.</summary>
public sealed class CallRecordingOptions
{
    public const string Section = "Telephony:Recording";

    /// <summary>Where they lie; empty for <c>call-recordings</c> in the data directory.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Bytes that recordings leave free on their disk: none begins below.</summary>
    [Range(0, long.MaxValue)]
    public long FreeBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How much of a call may wait for the disk, before its recording has failed.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often this node looks for recordings whose time is over.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PurgeEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The program that speaks announcements.</summary>
    [Required]
    public string Speaker { get; set; } = "espeak-ng";
}
