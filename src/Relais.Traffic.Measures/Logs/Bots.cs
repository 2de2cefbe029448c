using System.Buffers;

namespace Relais.Traffic.Measures.Logs;

/// <summary>
/// Programs that are not people, in the logs of servers: told by words in how they call themselves, and those that say nothing at all. Wider than
/// <see cref="Records.UserAgents.IsRobot"/>, since what runs no script never reaches the collector but asks servers all day. The list has a version: figures
/// of other versions are not compared.
/// </summary>
public static class Bots
{
    public const string Rule = "bots/1";

    /// <summary>In any case, anywhere in the agent.</summary>
    public static readonly IReadOnlyList<string> Words =
    [
        "bot", "crawl", "spider", "slurp", "scan", "fetch", "monitor", "archiver", "preview", "validator", "checker", "feed", "rss", "aggregator",
        "curl/", "wget", "python", "libwww", "lwp", "java/", "okhttp", "go-http-client", "ruby", "php/", "perl", "apache-httpclient", "httpclient", "http_request",
        "axios", "node-fetch", "scrapy", "headless", "phantomjs", "selenium", "puppeteer", "playwright", "lighthouse", "pingdom", "uptime", "statuscake", "nagios",
        "zabbix", "zgrab", "masscan", "nmap", "nikto", "sqlmap", "facebookexternalhit", "facebookcatalog", "whatsapp", "embedly", "mediapartners", "adsbot",
        "ia_archiver", "yandex.com/bots", "baidu", "sogou", "teoma", "heritrix", "nutch", "htdig", "larbin", "sitemap", "dataprovider",
        "gptbot", "claudebot", "ccbot", "bytespider", "perplexity", "petal", "tiny tiny", "ureader", "superfeedr", "magpie", "simplepie", "newsblur", "feedly",
    ];

    private static readonly SearchValues<string> Search = SearchValues.Create([.. Words], StringComparison.OrdinalIgnoreCase);

    /// <summary>Players read playlists with libraries of programmers: for listening, only what calls itself a robot is one.</summary>
    private static readonly SearchValues<string> OfStreams = SearchValues.Create(["bot", "crawl", "spider", "monitor", "checker", "validator", "uptime", "nagios", "zabbix"], StringComparison.OrdinalIgnoreCase);

    public static bool Is(string agent) => agent.Length == 0 || agent.AsSpan().ContainsAny(Search);

    public static bool IsInStream(string agent) => agent.AsSpan().ContainsAny(OfStreams);
}
