namespace Relais.Traffic.Measures.Logs;

/// <summary>Why a line of a log counts for nothing.</summary>
public enum LineFault
{
    None,

    /// <summary>More bytes than <see cref="LogText.LongestLine"/>.</summary>
    TooLong,

    /// <summary>A NUL byte: a log that was cut by a crash, or no log at all.</summary>
    NotText,

    /// <summary>It does not begin with who asked.</summary>
    NoAddress,

    /// <summary>No time, or none that can be read.</summary>
    BadTime,

    /// <summary>No request of the form <c>GET /path HTTP/1.1</c>.</summary>
    BadRequest,

    /// <summary>No status from 100 to 599.</summary>
    BadStatus,

    /// <summary>A quotation mark that does not close.</summary>
    OpenQuote,

    /// <summary>No whole number of seconds that somebody listened, where the log has one.</summary>
    BadSeconds,

    /// <summary>Fewer columns than the header names.</summary>
    MissingColumns,

    /// <summary>No JSON object.</summary>
    NotJson,
}
