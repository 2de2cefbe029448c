using System.ComponentModel.DataAnnotations;

namespace Relais.Telephony;

/// <summary>Where this node speaks SIP, and how long calls may last.</summary>
public sealed class TelephonyOptions
{
    public const string Section = "Telephony";

    /// <summary>The address to listen on: loopback until somebody says which network the operators are on.</summary>
    [Required]
    public string Listen { get; set; } = "127.0.0.1";

    /// <summary>The UDP port of SIP; 0 for any that is free.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 5060;

    /// <summary>The address at which operators reach this node, in numbers; the one listened on where it is empty.</summary>
    public string Address { get; set; } = "";

    /// <summary>Names this node in the rows of its calls; it keeps its name when it is restarted.</summary>
    [Required, StringLength(80)]
    public string Node { get; set; } = Environment.MachineName;

    /// <summary>From an operator's answer to the next OPTIONS.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a telephone rings before we give up.</summary>
    [Range(typeof(TimeSpan), "00:00:15", "00:05:00")]
    public TimeSpan RingFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest call.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "12:00:00")]
    public TimeSpan LongestCall { get; set; } = TimeSpan.FromHours(3);

    /// <summary>How long calls and their numbers are kept.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepCalls { get; set; } = TimeSpan.FromDays(365);
}
