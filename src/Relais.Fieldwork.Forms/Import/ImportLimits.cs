namespace Relais.Fieldwork.Forms.Import;

/// <summary>How much of a file is read before it is refused. The defaults hold every real questionnaire many times over.</summary>
public sealed record ImportLimits
{
    /// <summary>Size of the file itself, in bytes.</summary>
    public int FileBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>What a workbook's parts may grow to when they are unpacked, all together, in bytes.</summary>
    public long UnpackedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Cells with something in them, all sheets that are read together.</summary>
    public int Cells { get; init; } = 1_000_000;

    /// <summary>Characters of all those cells together. A text used by many cells counts each time.</summary>
    public long Characters { get; init; } = 64L * 1024 * 1024;

    /// <summary>How deep groups, XML elements or expressions may lie inside each other.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>The limits that hold when none are given.</summary>
    public static ImportLimits Default { get; } = new();
}
