using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Relais.Fieldwork.Webhooks;

/// <summary>How changes are sent to other systems.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Fieldwork:Webhooks";

    /// <summary>
    /// Networks of the institute that may be sent to although they are not public, such as "10.20.0.0/16"; also without TLS. Others that are private,
    /// loopback, link-local or reserved are refused.
    /// </summary>
    public List<string> Allowed { get; set; } = [];

    /// <summary>For one delivery, from dialling to the end of the answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many deliveries one node sends at once, in all.</summary>
    [Range(1, 64)]
    public int AtOnce { get; set; } = 8;

    /// <summary>After the first failure; twice as long after each further one, with some chance in it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(5);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromHours(1);

    /// <summary>An address where nothing goes through for so long is switched off; a delivery that is refused for so long is given up.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>How long delivered ones are shown.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan KeepDeliveries { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the feed of changes goes back.</summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "3660.00:00:00")]
    public TimeSpan KeepChanges { get; set; } = TimeSpan.FromDays(400);

    internal IReadOnlyList<IPNetwork> Networks() => Allowed.ConvertAll(a => IPNetwork.TryParse(a, out var network) ? network : throw new FormatException($"Fieldwork:Webhooks:Allowed holds {a}, which is no network such as 10.20.0.0/16."));
}
