using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Relais.Traffic.Measures.Logs;

/// <summary>What all formats of logs have in common: bytes, times, requests.</summary>
public static class LogText
{
    public const int LongestLine = 64 * 1024;

    // 2200: what lies beyond is no time in seconds.
    private const long LatestSecond = 7_258_118_400;
    private const long Thousand = 1000;
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>Bytes that are no UTF-8 become U+FFFD; "-" is nothing.</summary>
    internal static string Text(ReadOnlySpan<byte> bytes) => bytes is [(byte)'-'] ? "" : Encoding.UTF8.GetString(bytes);

    /// <summary><c>17/May/2015:10:05:03 +0000</c>.</summary>
    internal static bool TryCommonTime(ReadOnlySpan<byte> text, out long second)
    {
        second = 0;
        if (text.Length != 26 || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[20] != ' ' || text[21] is not ((byte)'+' or (byte)'-'))
            return false;
        var month = Array.IndexOf(Months, Encoding.Latin1.GetString(text[3..6])) + 1;
        if (month == 0 || !Digits(text[..2], out var day) || !Digits(text[7..11], out var year) || !Digits(text[12..14], out var hour)
            || !Digits(text[15..17], out var minute) || !Digits(text[18..20], out var secs) || !Digits(text[22..24], out var east) || !Digits(text[24..26], out var eastMinutes))
            return false;
        if (text[14] != ':' || text[17] != ':' || year < 1970 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || secs > 60 || east > 14 || eastMinutes > 59)
            return false;
        // A leap second is the first of the next minute.
        var local = new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero).ToUnixTimeSeconds() + secs;
        var offset = (east * 3600) + (eastMinutes * 60);
        second = text[21] == '+' ? local - offset : local + offset;
        return second is >= 0 and <= LatestSecond;
    }

    /// <summary>ISO 8601 (UTC where it names no zone), or seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size.</summary>
    internal static bool TryTime(string text, out long second)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            while (number > LatestSecond)
                number /= Thousand;
            second = (long)number;
            return second > 0;
        }

        second = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeSeconds() : -1;
        return second is >= 0 and <= LatestSecond && text.Length >= 8;
    }

    /// <summary><c>GET /path?query HTTP/1.1</c>.</summary>
    internal static bool TryRequest(ReadOnlySpan<byte> request, out string method, out string path)
    {
        (method, path) = ("", "");
        var (first, last) = (request.IndexOf((byte)' '), request.LastIndexOf((byte)' '));
        if (first < 1 || last <= first + 1 || !request[(last + 1)..].StartsWith("HTTP/"u8) || request[..first].ContainsAnyExceptInRange((byte)'A', (byte)'Z'))
            return false;
        method = Encoding.Latin1.GetString(request[..first]);
        path = PathOf(Encoding.UTF8.GetString(request[(first + 1)..last]));
        return true;
    }

    /// <summary>Without query and fragment, which may name people.</summary>
    internal static string PathOf(string target) => target.AsSpan().IndexOfAny('?', '#') is var end and >= 0 ? target[..end] : target;

    internal static bool TryStatus(ReadOnlySpan<byte> text, out int status) =>
        Utf8Parser.TryParse(text, out status, out var read) && read == text.Length && status is >= 100 and <= 599;

    /// <summary>A field between quotation marks, in which a backslash takes the next byte's meaning away.</summary>
    /// <param name="field">Where it does not close: what is there of it.</param>
    internal static bool TryQuoted(ReadOnlySpan<byte> line, scoped ref int at, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (at >= line.Length || line[at] != '"')
            return false;
        var start = ++at;
        for (; at < line.Length; at++)
        {
            if (line[at] == '\\')
            {
                at++;
            }
            else if (line[at] == '"')
            {
                field = line[start..at];
                at++;
                return true;
            }
        }

        field = line[start..];
        at = line.Length;
        return false;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + digit - '0';
        }

        return true;
    }
}
