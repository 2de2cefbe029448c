using System.Text;

namespace Relais.Traffic.Measures.Logs;

/// <summary>
/// A log as a table: its first line names the columns, separated by commas, semicolons or tabs; or W3C extended (<c>#Fields: date time c-ip</c>), as
/// CloudFront writes it, where blanks in agents are written %20.
/// </summary>
public sealed class TableLog
{
    private const string Fields = "#Fields:";
    private readonly LogField?[] _meanings;
    private readonly char _separator;
    private readonly bool _w3C;

    private TableLog(string header, IReadOnlyList<string> columns, char separator, bool w3C, IReadOnlyDictionary<string, LogField>? named)
    {
        (Header, Columns, _separator, _w3C) = (header, columns, separator, w3C);
        _meanings = [.. columns.Select(c => LogColumns.Meaning(c, named))];
    }

    /// <summary>The line with the columns' names.</summary>
    public string Header { get; }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Fields without which no line can be used and that no column gives.</summary>
    public IReadOnlyList<LogField> Missing => [.. LogColumns.Needed.Where(f => !_meanings.Contains(f) && !(f == LogField.Status && (_meanings.Contains(LogField.End) || _meanings.Contains(LogField.Seconds))))];

    public static bool IsHeader(string line) => line.StartsWith(Fields, StringComparison.OrdinalIgnoreCase) || SeparatorOf(line) is not null;

    /// <summary>Reads the line with the columns' names; null if it is none.</summary>
    public static TableLog? FromHeader(string line, IReadOnlyDictionary<string, LogField>? named = null)
    {
        if (line.StartsWith(Fields, StringComparison.OrdinalIgnoreCase))
        {
            var columns = line[Fields.Length..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            return new TableLog(line, columns, '\t', w3C: true, named);
        }

        return SeparatorOf(line) is { } separator ? new TableLog(line, [.. Split(line, separator, out _).Select(c => c.Trim())], separator, w3C: false, named) : null;
    }

    public LineFault TryRead(ReadOnlySpan<byte> line, out LogEntry? entry)
    {
        entry = null;
        var text = Encoding.UTF8.GetString(line);
        var values = _w3C && !text.Contains('\t', StringComparison.Ordinal) ? Split(text, ' ', out var open) : Split(text, _separator, out open);
        if (open)
            return LineFault.OpenQuote;
        if (values.Count < Columns.Count)
            return LineFault.MissingColumns;
        var byField = new string?[Enum.GetValues<LogField>().Length];
        for (var i = 0; i < _meanings.Length; i++)
        {
            if (_meanings[i] is { } field)
                byField[(int)field] = _w3C && field == LogField.Agent ? Uri.UnescapeDataString(values[i]).Replace('+', ' ') : values[i];
        }

        return LogColumns.TryMake(byField, out entry);
    }

    private static char? SeparatorOf(string line) => line.IndexOfAny([',', ';', '\t']) is var at and > 0 ? line[at] : null;

    // RFC 4180: a field in quotation marks holds separators, and quotation marks twice.
    private static List<string> Split(string line, char separator, out bool open)
    {
        var (values, value) = (new List<string>(), new StringBuilder());
        open = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (open && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                value.Append(line[i++]);
            }
            else if (c == '"' && (open || value.Length == 0))
            {
                open = !open;
            }
            else if (c == separator && !open)
            {
                values.Add(value.ToString());
                value.Clear();
            }
            else
            {
                value.Append(c);
            }
        }

        values.Add(value.ToString());
        return values;
    }
}
