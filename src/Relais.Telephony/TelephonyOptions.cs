using System.ComponentModel.DataAnnotations;
using Relais.Telephony.Rooms;

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

    /// <summary>The voice servers (Janus) that interviewers' rooms are made on; empty where there is none, and then no softphone.</summary>
    public IList<RoomServerOptions> Rooms { get; } = [];

    /// <summary>The relay for networks that let no voice through.</summary>
    public TurnOptions Turn { get; } = new();

    /// <summary>How long a respondent waits for an interviewer whose voice is away, before the call is ended.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan WaitForVoice { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What respondents hear while they wait: a file of a-law without a header, 8 kHz; empty for ours, in French.</summary>
    public string HoldAnnouncement { get; set; } = "";

    /// <summary>Whether interviewers are told when a supervisor only listens. That somebody speaks is always told.</summary>
    public bool TellOfListening { get; set; } = true;
}
