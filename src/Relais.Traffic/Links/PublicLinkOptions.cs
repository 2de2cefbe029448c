using System.ComponentModel.DataAnnotations;

namespace Relais.Traffic.Links;

/// <summary>How much public links may be asked.</summary>
public sealed class PublicLinkOptions
{
    public const string Section = "Traffic:Public";

    /// <summary>Requests a minute from one network (/24 or /48) to public pages and streams; 0 for no limit. Several screens may stand behind one address.</summary>
    [Range(0, 1_000_000)]
    public int PerNetworkPerMinute { get; set; } = 600;

    /// <summary>How many may look at one link at a time on this node; further ones are answered 503.</summary>
    [Range(1, 100_000)]
    public int StreamsPerLink { get; set; } = 1000;
}
