using System.ComponentModel.DataAnnotations;

namespace Relais.Traffic.Demo;

/// <summary>The demo's listeners and its speech. Off everywhere else: what they send is made up.</summary>
public sealed class DemoOptions
{
    public const string Section = "Traffic:Demo";

    /// <summary>Whether made-up listeners send to this node, and the live wall has the button of the speech.</summary>
    public bool Enabled { get; set; }

    /// <summary>Listeners at the fullest hour of a day. Each sends a beacon in thirty seconds.</summary>
    [Range(0, 5000)]
    public int Listeners { get; set; } = 240;

    /// <summary>Beacons a second before the speech.</summary>
    [Range(1, 10_000)]
    public int SpeechFrom { get; set; } = 20;

    /// <summary>Beacons a second while the speech goes on.</summary>
    [Range(1, 100_000)]
    public int SpeechTo { get; set; } = 2000;

    /// <summary>Seconds that the speech's load goes on.</summary>
    [Range(1, 600)]
    public int SpeechSeconds { get; set; } = 60;
}
