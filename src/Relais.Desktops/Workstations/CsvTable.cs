using System.Text;

namespace Relais.Desktops.Workstations;

/// <summary>One record of a file, with the line that it starts on, from 1.</summary>
internal sealed record CsvRecord(int Line, IReadOnlyList<string> Cells);

/// <summary>Separated values as RFC 4180 has them; the separator is whichever of ; , and tab the first line has most of.</summary>
internal static class CsvTable
{
    private static readonly char[] Separators = [';', ',', '\t'];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Spreadsheets still write Latin-1; what is no UTF-8 is taken for that.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <returns>Every record that is not blank, or null with <paramref name="openAt"/> naming the line of a quote that nothing closes.</returns>
    public static IReadOnlyList<CsvRecord>? Read(string text, out int openAt)
    {
        var separator = SeparatorOf(text);
        var records = new List<CsvRecord>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        var (line, start, quoted) = (1, 1, false);
        openAt = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r' && (quoted || (i + 1 < text.Length && text[i + 1] == '\n')))
                continue;
            if (c is '\n' or '\r')
                line++;
            if (quoted)
            {
                if (c != '"')
                    cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    cell.Append(text[i++]);
                else
                    quoted = false;
            }
            else if (c == '"' && cell.Length == 0)
            {
                (quoted, openAt) = (true, line);
            }
            else if (c == separator)
            {
                EndCell();
            }
            else if (c is '\n' or '\r')
            {
                EndRecord();
                start = line;
            }
            else
            {
                cell.Append(c);
            }
        }

        if (quoted)
            return null;
        EndRecord();
        return records;

        void EndCell()
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }

        void EndRecord()
        {
            EndCell();
            if (cells.Exists(value => !string.IsNullOrWhiteSpace(value)))
                records.Add(new CsvRecord(start, [.. cells]));
            cells.Clear();
        }
    }

    private static char SeparatorOf(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var first = end < 0 ? text : text[..end];
        return Separators.MaxBy(separator => first.Count(c => c == separator));
    }
}
