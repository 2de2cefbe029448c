using System.Text;

namespace Relais.Traffic.Measures.Records;

/// <summary>What a user agent says about what sent it. By words in it, without a list that must be kept up to date.</summary>
/// <remarks>The IAB asks that robots be left out by list; lists of names are words too, and most robots say that they are some.</remarks>
public static class UserAgents
{
    // In lower case. Each stands for whole families: Googlebot, bingbot, AhrefsBot...
    private static readonly byte[][] Robots =
    [
        .. Words("bot/", "bot;", "bot)", "bot ", "robot", "crawl", "spider", "slurp", "headless", "phantomjs", "lighthouse", "curl/", "wget/", "python", "go-http-client",
            "java/", "okhttp-monitor", "libwww", "httpclient", "scrapy", "facebookexternalhit", "preview", "monitor", "pingdom", "uptime", "feedfetcher", "archiver", "validator",
            "http_request", "guzzle", "axios/", "node-fetch", "wrk/", "apachebench", "probe"),
    ];

    private static readonly byte[][] Televisions = [.. Words("smart-tv", "smarttv", "googletv", "appletv", "android tv", "hbbtv", "tizen", "webos", "bravia", "roku", "crkey")];
    private static readonly byte[][] Speakers = [.. Words("sonos", "alexa", "echo", "homepod", "google-home", "speaker")];
    private static readonly byte[][] Cars = [.. Words("carplay", "android auto", "automotive", "tesla")];
    private static readonly byte[][] Tablets = [.. Words("ipad", "tablet", "kindle", "silk/")];
    private static readonly byte[][] Phones = [.. Words("iphone", "mobile", "android", "windows phone")];
    private static readonly byte[][] Desktops = [.. Words("windows", "macintosh", "x11", "linux", "cros ")];

    /// <summary>Whether it says that it is no person's browser or player. A sender without a name is taken for one.</summary>
    /// <param name="userAgent">As sent; only the first 512 bytes count.</param>
    public static bool IsRobot(ReadOnlySpan<byte> userAgent)
    {
        Span<byte> lower = stackalloc byte[512];
        var text = Lower(userAgent, lower);
        return text.IsEmpty || HasAny(text, Robots) || text.EndsWith("bot"u8);
    }

    /// <summary>The kind of device, as far as it can be told.</summary>
    public static DeviceKind DeviceOf(ReadOnlySpan<byte> userAgent)
    {
        Span<byte> lower = stackalloc byte[512];
        var text = Lower(userAgent, lower);
        return text switch
        {
            // From the special to the general: a television says Android too, a car says Linux.
            _ when text.IsEmpty => DeviceKind.Unknown,
            _ when HasAny(text, Televisions) => DeviceKind.Television,
            _ when HasAny(text, Speakers) => DeviceKind.Speaker,
            _ when HasAny(text, Cars) => DeviceKind.Car,
            _ when HasAny(text, Tablets) || (text.IndexOf("android"u8) >= 0 && text.IndexOf("mobile"u8) < 0) => DeviceKind.Tablet,
            _ when HasAny(text, Phones) => DeviceKind.Mobile,
            _ when HasAny(text, Desktops) => DeviceKind.Desktop,
            _ => DeviceKind.Unknown,
        };
    }

    private static ReadOnlySpan<byte> Lower(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var taken = text[..Math.Min(text.Length, to.Length)];
        return Ascii.ToLower(taken, to, out var written) == System.Buffers.OperationStatus.Done ? to[..written] : LowerOther(taken, to);
    }

    // Bytes beyond ASCII stay as they are.
    private static Span<byte> LowerOther(ReadOnlySpan<byte> text, Span<byte> to)
    {
        for (var i = 0; i < text.Length; i++)
            to[i] = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
        return to[..text.Length];
    }

    private static bool HasAny(ReadOnlySpan<byte> text, byte[][] words)
    {
        foreach (var word in words)
        {
            if (text.IndexOf(word) >= 0)
                return true;
        }

        return false;
    }

    private static IEnumerable<byte[]> Words(params string[] words) => words.Select(Encoding.ASCII.GetBytes);
}
