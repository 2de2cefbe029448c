using System.ComponentModel.DataAnnotations;

namespace Relais.Desktops;

/// <summary>Where the desktops' engine, images and definitions are.</summary>
public sealed class DesktopsOptions
{
    public const string Section = "Desktops";

    /// <summary>The description that the launcher writes of its private engine; absent when there is none.</summary>
    public string? Engine { get; set; }

    /// <summary>Why the launcher could start no engine, as "REASON: DETAIL"; the reasons are root, packages, image and engine.</summary>
    public string? EngineMissing { get; set; }

    /// <summary>
    /// How desktops call this server's pages, such as "https://relais.example.org:8443/": their name service leads the name to this host, and this
    /// port of it is open to them. Null keeps the portal out of their reach.
    /// </summary>
    public Uri? Portal { get; set; }

    /// <summary>Folder of bundle definitions.</summary>
    public string Bundles { get; set; } = "bundles";

    /// <summary>Folder of each bundle's built image.</summary>
    public Dictionary<string, string> Images { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Bundle of a new personal desktop.</summary>
    public string DefaultBundle { get; set; } = "bureau-standard";

    /// <summary>How often the reconciler looks at everything even when nobody asked.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ReconcileEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Desktops that are created or started at the same time.</summary>
    [Range(1, 64)]
    public int AtOnce { get; set; } = 4;

    /// <summary>How far memory may be promised beyond what there is: most desktops use a third of what they may.</summary>
    [Range(0.1, 20.0)]
    public double Overcommit { get; set; } = 3.0;

    /// <summary>Memory of each machine that is promised to no desktop, in MiB.</summary>
    [Range(0, 1_000_000)]
    public int HostReserveMiB { get; set; } = 1024;

    /// <summary>Memory that desktops may have in all, in MiB, on machines that do other work too; 0 for all that there is.</summary>
    [Range(0, 100_000_000)]
    public int MemoryMiB { get; set; }

    /// <summary>How long a desktop that was deleted can be kept after all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan DeleteGrace { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Size of the storage pool's file, in GiB. It grows as it is used.</summary>
    [Range(5, 100_000)]
    public int PoolGiB { get; set; } = 50;

    /// <summary>How long a desktop may take from its start until its RDP end answers.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan StartTime { get; set; } = TimeSpan.FromSeconds(90);
}
