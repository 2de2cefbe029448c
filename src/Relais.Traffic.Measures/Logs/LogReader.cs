using System.Text;

namespace Relais.Traffic.Measures.Logs;

/// <summary>How a log is written.</summary>
public enum LogFormat
{
    Combined,
    Icecast,
    Table,
    Json,
}

/// <summary>Reads a log line by line; the first line says how it is written, unless somebody does.</summary>
public sealed class LogReader(LogFormat format, IReadOnlyDictionary<string, LogField>? named = null)
{
    private TableLog? _table;

    public LogFormat Format => format;

    /// <summary>Null before the line with the columns' names, and for logs without one.</summary>
    public TableLog? Table => _table;

    /// <summary>What the first line looks like; null for nothing that we know.</summary>
    public static LogFormat? FormatOf(ReadOnlySpan<byte> line)
    {
        if (line.TrimStart((byte)' ') is [(byte)'{', ..])
            return LogFormat.Json;
        if (line.IndexOf("] \""u8) >= 0)
            return CombinedLog.TryRead(line, listening: true, out _) == LineFault.None && EndsInNumber(line) ? LogFormat.Icecast : LogFormat.Combined;
        return line is [(byte)'#', ..] || TableLog.IsHeader(Encoding.UTF8.GetString(line)) ? LogFormat.Table : null;
    }

    /// <returns>No fault and no entry for a line that says nothing of a request: the columns' names, a remark, an empty one.</returns>
    public LineFault TryRead(ReadOnlySpan<byte> line, out LogEntry? entry)
    {
        entry = null;
        if (line.Length > LogText.LongestLine)
            return LineFault.TooLong;
        if (line.Contains((byte)0))
            return LineFault.NotText;
        if (line.IsEmpty)
            return LineFault.None;
        switch (format)
        {
            case LogFormat.Combined or LogFormat.Icecast:
                return CombinedLog.TryRead(line, format == LogFormat.Icecast, out entry);
            case LogFormat.Json:
                return JsonLog.TryRead(line, named, out entry);
        }

        if (_table is null || line is [(byte)'#', ..])
        {
            var text = Encoding.UTF8.GetString(line).TrimStart('\uFEFF');
            if (text.StartsWith('#') && !text.StartsWith("#Fields:", StringComparison.OrdinalIgnoreCase))
                return LineFault.None;
            // Rotated files put together name their columns again.
            _table = TableLog.FromHeader(text, named) ?? _table;
            return _table is null ? LineFault.MissingColumns : LineFault.None;
        }

        return _table.TryRead(line, out entry);
    }

    private static bool EndsInNumber(ReadOnlySpan<byte> line) => line.LastIndexOf((byte)'"') is var quote and >= 0 && line[(quote + 1)..].Trim((byte)' ') is { Length: > 0 } tail && !tail.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
