namespace Relais.Gateway.Protocols.Feeds;

/// <summary>What a client asked for ([MS-TSWP] 2.2.5): 1.1 unless it says that it can read more.</summary>
/// <param name="Schema">"1.1", "2.0" or "2.1".</param>
/// <param name="MediaType">Of the answer ([MS-TSWP] 2.2.1.4).</param>
public sealed record FeedVersion(string Schema, string MediaType)
{
    private const string Named = "application/x-msts-radc+xml";
    private const string Parameter = "radc_schema_version";

    /// <summary>For clients that ask for nothing, as those of Windows 7.</summary>
    public static readonly FeedVersion Oldest = new("1.1", "text/xml; charset=utf-8");

    private static readonly FeedVersion Two = new("2.0", Named + "; charset=utf-8");
    private static readonly FeedVersion TwoOne = new("2.1", Named + "; charset=utf-8");

    /// <summary>The newest version that the client names and that is known here.</summary>
    /// <param name="accept">The header, with any number of media ranges.</param>
    /// <param name="query">The same parameter in the address ([MS-TSWP] 3.1.5.2.2), if any.</param>
    public static FeedVersion Negotiate(string? accept, string? query = null)
    {
        var asked = (accept ?? "").Split(',').Select(range => range.Split(';', StringSplitOptions.TrimEntries))
            .Where(range => string.Equals(range[0], Named, StringComparison.OrdinalIgnoreCase))
            .SelectMany(range => range.Skip(1)).Select(ValueOf).Append(query).ToHashSet(StringComparer.Ordinal);
        return asked.Contains("2.1") ? TwoOne : asked.Contains("2.0") ? Two : Oldest;
    }

    private static string? ValueOf(string parameter)
    {
        var parts = parameter.Split('=', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && string.Equals(parts[0], Parameter, StringComparison.OrdinalIgnoreCase) ? parts[1].Trim('"') : null;
    }
}
