using System.Text;

namespace Relais.Kernel.Tables;

/// <summary>One record of a file.</summary>
/// <param name="Line">The line that it starts on, from 1.</param>
/// <param name="Cells">What stands between the separators, without the quotes around it.</param>
public sealed record CsvRecord(int Line, IReadOnlyList<string> Cells);

/// <summary>
/// Small files of separated values, as RFC 4180 has them, that people write in spreadsheets; the separator is whichever of ; , and tab the first line
/// has most of. The whole file is in memory.
/// </summary>
public static class CsvTable
{
    private static readonly char[] Separators = [';', ',', '\t'];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // What spreadsheets of Western Europe still write. Five of its bytes mean nothing; .NET makes control characters of them.
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)
        ?? throw new InvalidOperationException("The runtime has no Windows-1252.");

    /// <summary>The text of a file: UTF-8, with or without its mark, else Windows-1252.</summary>
    /// <returns>Null when it is neither: a spreadsheet's own format, UTF-16, or no text at all.</returns>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            text = Windows1252.GetString(bytes);
        }

        return text.Any(IsNoText) ? null : text;
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

    private static bool IsNoText(char c) => char.IsControl(c) && c is not ('\t' or '\n' or '\r');

    private static char SeparatorOf(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var first = end < 0 ? text : text[..end];
        return Separators.MaxBy(separator => first.Count(c => c == separator));
    }
}
