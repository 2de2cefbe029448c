using System.Globalization;

namespace Relais.Traffic.Measures.Logs;

/// <summary>
/// The "combined" log of Apache and nginx: address, two names, time, request, status, bytes, referrer, agent. Icecast's access log is the same with the
/// seconds that the listener was connected behind it, and is written when they leave. Fields behind those are left.
/// </summary>
public static class CombinedLog
{
    // Ten years: what is longer is no time of listening.
    private const long LongestSeconds = 315_360_000;

    /// <param name="line">Without its end of line.</param>
    /// <param name="listening">Whether seconds must stand behind the agent: Icecast.</param>
    public static LineFault TryRead(ReadOnlySpan<byte> line, bool listening, out LogEntry? entry)
    {
        entry = null;
        var space = line.IndexOf((byte)' ');
        if (space < 1)
            return LineFault.NoAddress;
        // The name of who signed in may hold blanks and brackets: the time is what stands before a quotation mark.
        var at = line.IndexOf("] \""u8);
        var open = at < 0 ? -1 : line[..at].LastIndexOf((byte)'[');
        if (open < 0 || !LogText.TryCommonTime(line[(open + 1)..at], out var second))
            return LineFault.BadTime;
        at += 2;
        if (!LogText.TryQuoted(line, ref at, out var request))
            return LineFault.OpenQuote;
        if (!LogText.TryRequest(request, out var method, out var path))
            return LineFault.BadRequest;
        if (!LogText.TryStatus(Word(line, ref at), out var status))
            return LineFault.BadStatus;
        Word(line, ref at);
        var agent = default(ReadOnlySpan<byte>);
        // The "common" format ends here: nobody says which browser it was.
        if (at < line.Length && !Quoted(line, ref at, out _))
            return LineFault.OpenQuote;
        // A line that was cut in the midst of its agent has said all else.
        if (at < line.Length && !Quoted(line, ref at, out agent) && agent.IsEmpty)
            return LineFault.OpenQuote;
        var seconds = -1L;
        if (listening && (!long.TryParse(Word(line, ref at), NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds > LongestSeconds))
            return LineFault.BadSeconds;
        entry = new LogEntry(second, LogText.Text(line[..space]), method, path, status, LogText.Text(agent), "", "", listening ? seconds : null);
        return LineFault.None;
    }

    private static bool Quoted(ReadOnlySpan<byte> line, scoped ref int at, out ReadOnlySpan<byte> field)
    {
        while (at < line.Length && line[at] == ' ')
            at++;
        return LogText.TryQuoted(line, ref at, out field);
    }

    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> line, scoped ref int at)
    {
        while (at < line.Length && line[at] == ' ')
            at++;
        var start = at;
        while (at < line.Length && line[at] != ' ')
            at++;
        return line[start..at];
    }
}
