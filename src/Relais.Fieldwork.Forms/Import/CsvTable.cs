using System.Text;

namespace Relais.Fieldwork.Forms.Import;

/// <summary>Reads a table of a .csv (RFC 4180, UTF-8). A first row with more semicolons than commas separates by semicolons, as French spreadsheets write.</summary>
internal static class CsvTable
{
    /// <summary>Every row with as many values as the first; null when a quotation is not closed or a row is longer than the head.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">At most as many cells as <see cref="ImportLimits.Cells"/>.</param>
    /// <param name="line">Where reading stopped, from 1.</param>
    public static IReadOnlyList<IReadOnlyList<string>>? Read(byte[] bytes, ImportLimits limits, out int line)
    {
        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        var head = text.AsSpan()[..(text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? end : text.Length)];
        var separator = head.Count(';') > head.Count(',') ? ';' : ',';
        var rows = new List<IReadOnlyList<string>>();
        var row = new List<string>();
        var (at, cells) = (0, 0);
        line = 1;
        while (at < text.Length)
        {
            if (Value(text, ref at, separator, ref line) is not { } value || ++cells > limits.Cells)
                return null;
            row.Add(value);
            if (at < text.Length && text[at] == separator)
            {
                at++;
                if (at < text.Length)
                    continue;
                row.Add("");
            }

            if (!End(rows, row))
                return null;
            row = [];
            at += at + 1 < text.Length && text[at] == '\r' ? 2 : 1;
            line++;
        }

        return rows;
    }

    private static bool End(List<IReadOnlyList<string>> rows, List<string> row)
    {
        if (row.Count == 1 && row[0].Length == 0)
            return true;
        if (rows.Count > 0)
        {
            while (row.Count < rows[0].Count)
                row.Add("");
        }

        if (rows.Count > 0 && row.Count > rows[0].Count)
            return false;
        rows.Add(row);
        return true;
    }

    private static string? Value(string text, ref int at, char separator, ref int line)
    {
        if (text[at] != '"')
        {
            var start = at;
            while (at < text.Length && text[at] != separator && text[at] != '\n' && !(text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n'))
                at++;
            return text[start..at].Trim();
        }

        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n')
                line++;
            if (text[at] != '"')
                value.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"')
                value.Append(text[at++]);
            else
                return ++at >= text.Length || text[at] == separator || text[at] is '\n' or '\r' ? value.ToString() : null;
        }

        return null;
    }
}
