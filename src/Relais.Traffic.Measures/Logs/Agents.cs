using System.Text;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Measures.Logs;

/// <summary>On what and with what somebody reads or listens, told by how it calls itself. The first word that is found decides.</summary>
public static class Agents
{
    public const string Rule = "agents/1";
    public const string Unknown = "other";

    // Browsers name those that they are like: the most particular stands first.
    private static readonly (string Word, string Player)[] Players =
    [
        ("VLC", "VLC"), ("iTunes", "iTunes"), ("AppleCoreMedia", "Apple"), ("Winamp", "Winamp"), ("WinampMPEG", "Winamp"), ("foobar2000", "foobar2000"), ("NSPlayer", "Windows Media"),
        ("Lavf", "FFmpeg"), ("mpv", "mpv"), ("Sonos", "Sonos"), ("TuneIn", "TuneIn"), ("stagefright", "Android"), ("ExoPlayer", "Android"), ("Edg", "Edge"), ("OPR/", "Opera"),
        ("Opera", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"), ("MSIE", "Internet Explorer"),
        ("Trident", "Internet Explorer"), ("Radio", "Radio"),
    ];

    /// <summary>The kind of device that live figures tell of too.</summary>
    public static DeviceKind DeviceOf(string agent) => UserAgents.DeviceOf(Encoding.UTF8.GetBytes(agent));

    public static string PlayerOf(string agent)
    {
        foreach (var (word, player) in Players)
        {
            if (agent.Contains(word, StringComparison.OrdinalIgnoreCase))
                return player;
        }

        return Unknown;
    }
}
