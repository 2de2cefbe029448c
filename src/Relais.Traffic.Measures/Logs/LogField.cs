using System.Globalization;

namespace Relais.Traffic.Measures.Logs;

/// <summary>What a column of a CDN's log can mean.</summary>
public enum LogField
{
    Time,
    Date,
    Address,
    Method,
    Path,
    Status,
    Agent,
    Host,
    Region,
    Seconds,
    End,
}

/// <summary>Which column means what: by the names that CDNs give them, or as told.</summary>
public static class LogColumns
{
    private static readonly Dictionary<string, LogField> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["time"] = LogField.Time, ["timestamp"] = LogField.Time, ["datetime"] = LogField.Time, ["time_iso8601"] = LogField.Time, ["start_time"] = LogField.Time,
        ["EdgeStartTimestamp"] = LogField.Time, ["reqTimeSec"] = LogField.Time, ["date"] = LogField.Date,
        ["ip"] = LogField.Address, ["client_ip"] = LogField.Address, ["c-ip"] = LogField.Address, ["ClientIP"] = LogField.Address, ["cliIP"] = LogField.Address,
        ["remote_addr"] = LogField.Address, ["address"] = LogField.Address,
        ["method"] = LogField.Method, ["cs-method"] = LogField.Method, ["ClientRequestMethod"] = LogField.Method, ["reqMethod"] = LogField.Method, ["request_method"] = LogField.Method,
        ["path"] = LogField.Path, ["uri"] = LogField.Path, ["url"] = LogField.Path, ["cs-uri-stem"] = LogField.Path, ["ClientRequestURI"] = LogField.Path,
        ["ClientRequestPath"] = LogField.Path, ["reqPath"] = LogField.Path, ["request_uri"] = LogField.Path,
        ["status"] = LogField.Status, ["sc-status"] = LogField.Status, ["EdgeResponseStatus"] = LogField.Status, ["statusCode"] = LogField.Status, ["status_code"] = LogField.Status,
        ["user_agent"] = LogField.Agent, ["cs(User-Agent)"] = LogField.Agent, ["ClientRequestUserAgent"] = LogField.Agent, ["UA"] = LogField.Agent, ["http_user_agent"] = LogField.Agent,
        ["host"] = LogField.Host, ["cs(Host)"] = LogField.Host, ["x-host-header"] = LogField.Host, ["ClientRequestHost"] = LogField.Host, ["reqHost"] = LogField.Host,
        ["region"] = LogField.Region, ["country"] = LogField.Region, ["ClientCountry"] = LogField.Region, ["c-country"] = LogField.Region,
        ["listening_seconds"] = LogField.Seconds, ["connected_seconds"] = LogField.Seconds, ["session_seconds"] = LogField.Seconds,
        // The files of `relais traffic measure`.
        ["listener"] = LogField.Address, ["station"] = LogField.Path, ["start_epoch"] = LogField.Time, ["end_epoch"] = LogField.End,
    };

    /// <summary>What a log must have; one that says how long somebody listened may leave the status out.</summary>
    public static readonly IReadOnlyList<LogField> Needed = [LogField.Time, LogField.Address, LogField.Path, LogField.Status];

    /// <param name="named">Columns that are told on top: they win over known names.</param>
    public static LogField? Meaning(string column, IReadOnlyDictionary<string, LogField>? named = null) =>
        named?.TryGetValue(column, out var told) == true ? told : Known.TryGetValue(column, out var known) ? known : null;

    /// <summary>The entry that values by field make; without a method it was a GET.</summary>
    internal static LineFault TryMake(string?[] values, out LogEntry? entry)
    {
        entry = null;
        string Of(LogField field) => values[(int)field] is { } value and not "-" ? value : "";
        if (Of(LogField.Address) is not { Length: > 0 } address)
            return LineFault.NoAddress;
        var date = Of(LogField.Date);
        if (!LogText.TryTime(date.Length > 0 ? $"{date}T{Of(LogField.Time)}" : Of(LogField.Time), out var second))
            return LineFault.BadTime;
        if (Of(LogField.Path) is not { Length: > 0 } path)
            return LineFault.BadRequest;
        var ends = Of(LogField.End);
        if (!TryEnd(ends, second, out var listened) || (ends.Length == 0 && !TrySeconds(Of(LogField.Seconds), out listened)))
            return LineFault.BadSeconds;
        var status = 200;
        if ((values[(int)LogField.Status] is not null || listened is null) && (!int.TryParse(Of(LogField.Status), NumberStyles.None, CultureInfo.InvariantCulture, out status) || status is < 100 or > 599))
            return LineFault.BadStatus;
        var method = Of(LogField.Method);
        entry = new LogEntry(second, address, method.Length == 0 ? "GET" : method.ToUpperInvariant(), LogText.PathOf(path), status, Of(LogField.Agent),
            Of(LogField.Host), Of(LogField.Region), listened);
        return LineFault.None;
    }

    private static bool TryEnd(string text, long start, out long? seconds)
    {
        seconds = null;
        if (text.Length == 0)
            return true;
        if (!LogText.TryTime(text, out var end) || end < start)
            return false;
        seconds = end - start;
        return true;
    }

    private static bool TrySeconds(string text, out long? seconds)
    {
        seconds = null;
        if (text.Length == 0)
            return true;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > int.MaxValue)
            return false;
        seconds = (long)number;
        return true;
    }
}
