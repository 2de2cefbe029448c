using System.ComponentModel.DataAnnotations;
using System.Net;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>Which machines of the office may be enrolled, and how they are looked after. Lists are comma-separated.</summary>
public sealed class WorkstationOptions : IValidatableObject
{
    public const string Section = "Desktops:Workstations";

    /// <summary>
    /// Networks, such as "127.0.0.1/32, 10.2.0.0/16", that may be dialled although they are refused otherwise: loopback, link-local,
    /// multicast, the desktops' network, this machine's own addresses.
    /// </summary>
    public string AllowedNetworks { get; set; } = "";

    /// <summary>Ports that RDP may be dialled at; the first one is the default of a new workstation, here and below.</summary>
    public string RdpPorts { get; set; } = "3389";

    /// <summary>Ports that VNC may be dialled at.</summary>
    public string VncPorts { get; set; } = "5900-5999";

    /// <summary>Ports that SSH may be dialled at.</summary>
    public string SshPorts { get; set; } = "22";

    /// <summary>How often every enabled workstation is knocked at.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a workstation may take to answer a knock.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan ProbeTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Workstations knocked at in the same moment.</summary>
    [Range(1, 256)]
    public int ProbesAtOnce { get; set; } = 16;

    /// <summary>Where magic packets are sent: broadcast addresses of the office networks, with the port.</summary>
    public string WakeAddresses { get; set; } = "255.255.255.255:9";

    /// <summary>How long a workstation may take to wake up.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:15:00")]
    public TimeSpan WakeTime { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How often the magic packet is repeated meanwhile: it may be lost.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan WakeAgain { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an account that was given for one opening waits for it.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan AccountTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether the person's name lies over the picture in the browser. Native clients show none.</summary>
    public bool Watermark { get; set; }

    internal PortRanges PortsOf(TargetProtocol protocol) => PortRanges.TryParse(TextOf(protocol)) ?? throw new InvalidOperationException("Validated at start.");

    internal IReadOnlyList<IPNetwork> Allowed => [.. Parts(AllowedNetworks).Select(IPNetwork.Parse)];

    internal IReadOnlyList<IPEndPoint> WakeEndPoints => [.. Parts(WakeAddresses).Select(IPEndPoint.Parse)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var protocol in Enum.GetValues<TargetProtocol>())
        {
            if (PortRanges.TryParse(TextOf(protocol)) is null)
                yield return new ValidationResult($"{Section}: \"{TextOf(protocol)}\" is no list of ports.", [$"{protocol}Ports"]);
        }

        foreach (var part in Parts(AllowedNetworks).Where(part => !IPNetwork.TryParse(part, out _)))
            yield return new ValidationResult($"{Section}: \"{part}\" is no network such as 10.2.0.0/16.", [nameof(AllowedNetworks)]);
        foreach (var part in Parts(WakeAddresses).Where(part => !IPEndPoint.TryParse(part, out var end) || end.Port == 0))
            yield return new ValidationResult($"{Section}: \"{part}\" is no address and port such as 10.2.255.255:9.", [nameof(WakeAddresses)]);
    }

    private string TextOf(TargetProtocol protocol) => protocol switch
    {
        TargetProtocol.Rdp => RdpPorts,
        TargetProtocol.Vnc => VncPorts,
        TargetProtocol.Ssh => SshPorts,
    };

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
