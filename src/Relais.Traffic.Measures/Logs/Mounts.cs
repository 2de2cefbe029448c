namespace Relais.Traffic.Measures.Logs;

/// <summary>What of a streaming server is listened to: mounts, but neither its pages nor its playlists.</summary>
public static class Mounts
{
    public const string Rule = "streams/1";

    private static readonly string[] Others = [".xsl", ".xml", ".json", ".css", ".js", ".ico", ".png", ".html", ".txt", ".m3u", ".pls", ".xspf"];

    public static bool Is(LogEntry entry) =>
        entry is { Method: "GET", Status: 200 or 206 } && entry.Path is not ("/" or "") && !entry.Path.StartsWith("/admin", StringComparison.Ordinal)
        && !Others.Any(o => entry.Path.EndsWith(o, StringComparison.OrdinalIgnoreCase));

    /// <summary>The mount without its leading stroke.</summary>
    public static string ChannelOf(LogEntry entry) => entry.Path.TrimStart('/');
}
