namespace Relais.Desktops.Bundles;

/// <summary>What is decided of a bundle, and what is being built of it. Its definition is a file; this is the row beside it.</summary>
internal sealed class BundleRow
{
    public const int StepCount = 6;

    public required string Name { get; init; }

    /// <summary>Version that new roots are made from; null while none is built.</summary>
    public string? Target { get; set; }

    public DateTimeOffset? TargetSince { get; set; }

    /// <summary>How desktops of another version get to the target.</summary>
    public RollOut RollOut { get; set; }

    /// <summary>Minutes after midnight, where the institute is, at which the window of <see cref="RollOut.InWindow"/> opens.</summary>
    public int WindowFrom { get; set; }

    /// <summary>Minutes after midnight at which it closes; earlier than it opens when midnight lies between.</summary>
    public int WindowTo { get; set; }

    public BuildState Build { get; set; }

    /// <summary>1 to <see cref="StepCount"/> while it is built.</summary>
    public int BuildStep { get; set; }

    /// <summary>What the build says it does, or why it failed.</summary>
    public string? BuildWords { get; set; }

    public DateTimeOffset? BuildSince { get; set; }
}

internal enum BuildState
{
    None,

    /// <summary>Asked for; a node with an engine takes it.</summary>
    Asked,
    Building,
    Failed,
}

/// <summary>How a new version of an image reaches desktops that have another one.</summary>
public enum RollOut
{
    /// <summary>When a desktop that is stopped is opened: no window of anybody's is lost.</summary>
    AtOpening,

    /// <summary>At once: who works on one is cut, and finds it new a moment later.</summary>
    Now,

    /// <summary>In the hours of maintenance, when nobody has it open.</summary>
    InWindow,
}

/// <summary>An image that was built of a bundle. It stays as long as its folder does, so that there is a way back.</summary>
internal sealed class BundleVersion
{
    public required string Bundle { get; init; }

    /// <summary>Name of its content: 16 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>Where its files are on the node that built it.</summary>
    public required string Folder { get; set; }

    public long SizeBytes { get; init; }

    public DateTimeOffset BuiltAt { get; init; }
}
