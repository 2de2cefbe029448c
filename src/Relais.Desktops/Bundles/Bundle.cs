using Relais.Desktops.Transfer;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Bundles;

/// <summary>What a kind of desktop is made of: <c>bundles/NAME/bundle.json</c>, once it has been read and found right.</summary>
internal sealed record Bundle
{
    public required string Name { get; init; }

    /// <summary>What people call it, by language.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>The bundle whose base, packages, languages and files it takes over; null when it stands alone.</summary>
    public string? Extends { get; init; }

    /// <summary>Null when it is the one of the bundle that it extends.</summary>
    public BundleRelease? Base { get; init; }

    /// <summary>Debian packages, besides those of the bundle that it extends.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Packages of the bundle that it extends which it does without.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Empty when they are those of the bundle that it extends.</summary>
    public IReadOnlyList<string> Locales { get; init; } = [];

    /// <summary>What people find in it, as they call it.</summary>
    public IReadOnlyList<string> Applications { get; init; } = [];

    public required BundleLimits Limits { get; init; }

    public required BundleEgress Egress { get; init; }

    /// <summary>"both", "in", "out" or "none".</summary>
    public string Clipboard { get; init; } = "both";

    /// <summary>Which files may be carried in or out.</summary>
    public BundleTransfer Transfer { get; init; } = BundleTransfer.None;

    /// <summary>"allowed": there is a printer, whose documents the person gets as PDF in the browser; "refused": there is none.</summary>
    public string Print { get; init; } = "refused";

    public bool Prints => Print == "allowed";

    /// <summary>"off"; "on": the person's name stands over the picture, and clients that cannot show it are refused; "browser-only": they are not.</summary>
    public string Watermark { get; init; } = "off";

    /// <summary>"off", "if-possible" or "mandatory": whether sessions on it are recorded.</summary>
    public string Recording { get; init; } = "off";

    public BundleRest Rest { get; init; } = BundleRest.Never;

    public BundleSnapshots Snapshots { get; init; } = BundleSnapshots.None;

    public RecordingPolicy RecordingPolicy => Recording switch
    {
        "off" => RecordingPolicy.Off,
        "if-possible" => RecordingPolicy.IfPossible,
        _ => RecordingPolicy.Mandatory,
    };

    public ClipboardPolicy ClipboardPolicy => Clipboard switch
    {
        "both" => ClipboardPolicy.Both,
        "in" => ClipboardPolicy.In,
        "out" => ClipboardPolicy.Out,
        _ => ClipboardPolicy.None,
    };

    public string TitleIn(string? language) =>
        Title.TryGetValue(language ?? "fr", out var title) || Title.TryGetValue("fr", out title) ? title : Name;
}

/// <param name="Components">Parts of the archive, such as "main".</param>
internal sealed record BundleRelease(string Distribution, string Release, string Components);

/// <param name="Memory">Such as "1500MiB".</param>
/// <param name="Cpu">Processors that it may use.</param>
/// <param name="Processes">Processes that it may have.</param>
/// <param name="Home">Size of the home volume, such as "10GiB".</param>
internal sealed record BundleLimits(string Memory, int Cpu, int Processes, string Home);

/// <param name="TcpPorts">Ports on the internet that it may reach, such as "80,443"; empty for none: then it reaches Relais's own pages alone.</param>
internal sealed record BundleEgress(string TcpPorts);

/// <summary>When a desktop that nobody uses is put to rest.</summary>
/// <param name="FreezeAfter">Frozen after this long without a session: its memory stays, its work stops. Null: never.</param>
/// <param name="StopAfter">Stopped after this long without a session: its windows are closed. Null: never.</param>
internal sealed record BundleRest(TimeSpan? FreezeAfter, TimeSpan? StopAfter)
{
    public static BundleRest Never { get; } = new(null, null);
}

/// <summary>Snapshots of the home that are taken by themselves.</summary>
/// <param name="Every">Null: none.</param>
/// <param name="Keep">How many of them are kept; older ones are removed.</param>
internal sealed record BundleSnapshots(TimeSpan? Every, int Keep)
{
    public static BundleSnapshots None { get; } = new(null, 0);
}
