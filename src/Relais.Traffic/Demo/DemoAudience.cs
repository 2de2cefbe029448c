using Relais.Kernel.Audit;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Demo;

/// <summary>Who listens to what in the demo: all made up, and saying so.</summary>
internal static class DemoAudience
{
    /// <summary>Where the day's listening comes from.</summary>
    public const string Site = "Radio Relais (exemple)";

    /// <summary>Where the speech's crowd comes from, and nobody else: what it sends can be counted.</summary>
    public const string SpeechSite = "Direct du discours (exemple)";

    /// <summary>The most heard first.</summary>
    public static readonly IReadOnlyList<string> Channels =
        ["Relais Info", "Radio Relais", "France Ondes", "Le Direct", "Relais Classique", "Ondes Sport", "Jazz du soir", "Relais Jeunes", "Radio Rivages", "Culture Plus"];

    private static readonly double[] ChannelShares = [0.24, 0.19, 0.15, 0.11, 0.08, 0.07, 0.05, 0.05, 0.035, 0.025];

    /// <summary>Channels that a speech fills.</summary>
    private static readonly double[] SpeechShares = [0.45, 0.2, 0.15, 0.14, 0.01, 0.01, 0.005, 0.015, 0.01, 0.01];

    public static readonly IReadOnlyList<string> Regions = ["FR-IDF", "FR-ARA", "FR-HDF", "FR-NAQ", "FR-OCC", "FR-PAC", "FR-GES", "FR-BRE"];

    private static readonly double[] RegionShares = [0.26, 0.14, 0.12, 0.11, 0.11, 0.1, 0.09, 0.07];

    /// <summary>Devices by what they say of themselves.</summary>
    public static readonly IReadOnlyList<DemoDevice> Devices =
    [
        new("mobile", "app", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", 0.38),
        new("desktop", "web", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", 0.27),
        new("speaker", "enceinte", "Alexa Media Player/3.0", 0.17),
        new("car", "voiture", "Mozilla/5.0 (Linux; Android Automotive 15) AppleWebKit/537.36", 0.1),
        new("television", "tv", "Mozilla/5.0 (SMART-TV; Tizen 9.0) AppleWebKit/537.36", 0.05),
        new("tablet", "app", "Mozilla/5.0 (iPad; CPU OS 19_0 like Mac OS X) AppleWebKit/605.1.15", 0.03),
    ];

    private static readonly double[] DeviceShares = [.. Devices.Select(d => d.Share)];

    // How full each hour is, of the fullest: mornings, noon and evenings, as radio is heard.
    private static readonly double[] Hours =
        [0.3, 0.26, 0.25, 0.25, 0.27, 0.38, 0.62, 0.92, 1, 0.86, 0.7, 0.66, 0.74, 0.72, 0.62, 0.58, 0.62, 0.76, 0.82, 0.74, 0.62, 0.52, 0.44, 0.36];

    /// <summary>How full a moment of a day is, of the fullest.</summary>
    /// <param name="hour">0 up to 24, local.</param>
    public static double FullnessAt(double hour)
    {
        var (whole, rest) = ((int)hour % 24, hour - Math.Floor(hour));
        return (Hours[whole] * (1 - rest)) + (Hours[(whole + 1) % 24] * rest);
    }

    public static string AnyChannel(Random chance, bool speech = false) => Channels[Draw(speech ? SpeechShares : ChannelShares, chance)];

    public static string AnyRegion(Random chance) => Regions[Draw(RegionShares, chance)];

    public static DemoDevice AnyDevice(Random chance) => Devices[Draw(DeviceShares, chance)];

    /// <summary>Exponential: most listen shortly, some for hours.</summary>
    public static TimeSpan AnyLength(Random chance, TimeSpan mean, TimeSpan least) => least - ((mean - least) * Math.Log(1 - chance.NextDouble()));

    /// <summary>The site of a name, which is added when it is not there; null when somebody stopped it.</summary>
    public static async Task<Site?> FindSiteAsync(EditSites sites, string name, CancellationToken cancel)
    {
        if ((await sites.AllAsync(cancel)).Find(s => s.Name == name) is { } there)
            return there.Enabled ? there : null;
        // Another process may add it in the same moment: then it is there at the next look.
        return await sites.AddAsync(name, "", consented: true, Actor.System, cancel) is SiteResult.Saved saved ? saved.Site : null;
    }

    private static int Draw(double[] shares, Random chance)
    {
        var left = chance.NextDouble() * shares.Sum();
        for (var i = 0; i < shares.Length; i++)
        {
            left -= shares[i];
            if (left < 0)
                return i;
        }

        return 0;
    }
}

/// <param name="Kind">As the history writes it.</param>
/// <param name="Player">What the beacons say that plays.</param>
/// <param name="Agent">The user agent, from which the collector tells the kind.</param>
/// <param name="Share">Of all listeners.</param>
internal sealed record DemoDevice(string Kind, string Player, string Agent, double Share);
