namespace Relais.Traffic.Measures.Logs;

/// <summary>What pages are made of, told by the ending of its path: everything else is a page.</summary>
public static class Assets
{
    public const string Rule = "assets/1";

    public static readonly IReadOnlyList<string> Endings =
    [
        ".css", ".js", ".mjs", ".map", ".json", ".xml", ".txt", ".ico", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".tif", ".tiff",
        ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wav", ".mp4", ".m4s", ".ts", ".webm", ".avi", ".mpeg",
        ".mpg", ".mov", ".m3u", ".m3u8", ".pls", ".mpd", ".zip", ".gz", ".bz2", ".xz", ".zst", ".tar", ".tgz", ".rar", ".7z", ".jar", ".exe", ".dmg", ".deb", ".rpm",
        ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".csv", ".ppt", ".pptx", ".swf", ".wasm", ".webmanifest",
    ];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Known =
        new HashSet<string>(Endings, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="path">Without query.</param>
    public static bool Is(ReadOnlySpan<char> path) => path.LastIndexOf('.') is var dot and >= 0 && Known.Contains(path[dot..]);
}
