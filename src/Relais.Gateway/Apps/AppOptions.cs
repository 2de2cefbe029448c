using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Relais.Gateway.Apps;

/// <summary>Where internal web apps may be, and how long what opens them lasts.</summary>
public sealed class AppOptions : IValidatableObject
{
    public const string Section = "Gateway:Apps";

    /// <summary>
    /// Networks, such as "127.0.0.1/32, 10.2.0.0/16", that apps may be in although they are refused otherwise: loopback, link-local,
    /// multicast, the desktops' network, this machine's own addresses. Relais's own ports stay refused.
    /// </summary>
    public string AllowedNetworks { get; set; } = "";

    /// <summary>How long the code that carries a person from the portal to an app may wait for its use.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:02:00")]
    public TimeSpan CodeLife { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an app stays open in a browser; then the portal is asked again, which the person does not see while signed in.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan VisitLife { get; set; } = TimeSpan.FromHours(8);

    /// <summary>How long a signed identity is good for; clocks that differ are to be covered by it.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan IdentityLife { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a key signs identities before the next one does. It stays published as long again.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan KeyLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long an app may take to accept a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan ConnectTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may stand still, with nothing carried either way, before the app is called too slow.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>The same for WebSockets and streams of events, where silence is usual.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SilenceTime { get; set; } = TimeSpan.FromHours(4);

    internal IReadOnlyList<IPNetwork> Allowed => [.. Parts(AllowedNetworks).Select(IPNetwork.Parse)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Parts(AllowedNetworks).Where(part => !IPNetwork.TryParse(part, out _))
            .Select(part => new ValidationResult($"{Section}: \"{part}\" is no network such as 10.2.0.0/16.", [nameof(AllowedNetworks)]));

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
