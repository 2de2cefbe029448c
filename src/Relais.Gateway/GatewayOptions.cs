using System.ComponentModel.DataAnnotations;

namespace Relais.Gateway;

/// <summary>Limits of the gateway.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>How long a token may wait for its connection.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00")]
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a computer that a person let in with <c>relais connect</c> may open hosts for them.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan PassLife { get; set; } = TimeSpan.FromHours(8);

    /// <summary>How long the command that makes a machine the agent of a site may wait to be run.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan AgentTokenLife { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a native client's file may wait to be opened. Longer than a page's token: a person saves and opens it.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "00:15:00")]
    public TimeSpan NativeTokenLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a client that opens an entry of its feed waits while a desktop starts or a workstation wakes up, before it is told to try again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:03:00")]
    public TimeSpan FeedOpenTime { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a client of the feed that signed in once may fetch with its cookie before it signs in again.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan FeedTicketLife { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Native connections that have not shown a good token yet, all together.</summary>
    [Range(8, 100_000)]
    public int NativeStrangers { get; set; } = 512;

    /// <summary>The same from one address.</summary>
    [Range(2, 10_000)]
    public int NativeStrangersPerAddress { get; set; } = 32;

    /// <summary>Bad tokens from one address in a minute, after which it is not listened to for the rest of that minute.</summary>
    [Range(1, 10_000)]
    public int NativeRefusalsPerMinute { get; set; } = 20;

    /// <summary>How long a connection may take from its first byte to the first desktop byte.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan HandshakeTime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a session whose connection was cut may be taken up again as the same session.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ResumeWithin { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a session may carry no bytes before it is closed. Its page is warned <see cref="WarnBefore"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How often standing, end requests and counters are looked at. Rights are withdrawn within twice this time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:02.500")]
    public TimeSpan WatchEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a session may last from its opening, however busy it is; zero for no limit. Its page is warned <see cref="WarnBefore"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan SessionTime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long before such an end the page is warned; never more than half of the time that ends.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan WarnBefore { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Open sessions a person may have at once.</summary>
    [Range(1, 100)]
    public int SessionsPerPerson { get; set; } = 5;

    /// <summary>Sessions whose connection this node carries at once.</summary>
    [Range(1, 100_000)]
    public int SessionsPerNode { get; set; } = 400;
}
