using System.ComponentModel.DataAnnotations;

namespace Relais.Telephony.Rooms;

/// <summary>The relay (TURN) for homes and offices whose network lets no other voice through.</summary>
public sealed class TurnOptions
{
    /// <summary>Its addresses as browsers take them: turn:voix.example.org:3478?transport=udp. Empty: no relay.</summary>
    public IList<string> Uris { get; } = [];

    /// <summary>What it shares with this server: coturn's static-auth-secret.</summary>
    public string Secret { get; set; } = "";

    /// <summary>How long a browser may use what it was given: a shift.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Whether voices go through it only, even where a straight way would do.</summary>
    public bool Only { get; set; }
}
