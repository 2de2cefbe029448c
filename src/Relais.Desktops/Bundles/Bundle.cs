using System.Text.Json;
using System.Text.Json.Serialization;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Bundles;

/// <summary>What a kind of desktop is made of: <c>bundles/NAME/bundle.json</c>.</summary>
internal sealed record Bundle
{
    public required string Name { get; init; }

    /// <summary>What people call it, by language.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    public required BundleLimits Limits { get; init; }

    public required BundleEgress Egress { get; init; }

    /// <summary>"both" or "none".</summary>
    public string Clipboard { get; init; } = "both";

    /// <summary>"off", "if-possible" or "mandatory": whether sessions on it are recorded.</summary>
    public string Recording { get; init; } = "off";

    [JsonIgnore]
    public RecordingPolicy RecordingPolicy => Recording switch
    {
        "off" => RecordingPolicy.Off,
        "if-possible" => RecordingPolicy.IfPossible,
        "mandatory" => RecordingPolicy.Mandatory,
        _ => throw new InvalidDataException($"The bundle {Name} has a rule of recording that is not known: {Recording}"),
    };

    public string TitleIn(string? language) =>
        Title.TryGetValue(language ?? "fr", out var title) || Title.TryGetValue("fr", out title) ? title : Name;

    public static Bundle Read(string file)
    {
        using var stream = File.OpenRead(file);
        var bundle = JsonSerializer.Deserialize<Bundle>(stream, JsonSerializerOptions.Web) ?? throw new InvalidDataException($"{file} is empty");
        // A rule that cannot be read is found now, and not when somebody opens a desktop.
        _ = bundle.RecordingPolicy;
        return bundle;
    }
}

/// <param name="Memory">Such as "1500MiB".</param>
/// <param name="Cpu">Processors that it may use.</param>
/// <param name="Processes">Processes that it may have.</param>
/// <param name="Home">Size of the home volume, such as "10GiB".</param>
internal sealed record BundleLimits(string Memory, int Cpu, int Processes, string Home);

/// <param name="TcpPorts">Ports on the internet that it may reach, such as "80,443".</param>
internal sealed record BundleEgress(string TcpPorts);
