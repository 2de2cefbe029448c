using System.Text;

namespace Relais.Fieldwork.Exports;

/// <summary>A table as CSV (RFC 4180, UTF-8 with its mark, commas): a header of names, then a line a row.</summary>
internal static class ExportCsv
{
    public const string MediaType = "text/csv; charset=utf-8";

    private const int FlushAt = 1 << 16;

    public static async Task WriteAsync(Stream to, ExportTable table, CancellationToken cancel)
    {
        var buffer = new StringBuilder("\uFEFF");
        buffer.AppendJoin(',', table.Columns.Select(c => Cell(c.Name, ExportKind.Whole))).Append("\r\n");
        await foreach (var row in table.Rows(cancel).WithCancellation(cancel))
        {
            for (var i = 0; i < row.Length; i++)
                buffer.Append(i == 0 ? "" : ",").Append(Cell(row[i] ?? "", table.Columns[i].Kind));
            buffer.Append("\r\n");
            if (buffer.Length >= FlushAt)
                await FlushAsync(buffer, to, cancel);
        }

        await FlushAsync(buffer, to, cancel);
    }

    /// <summary>Quoted where it must be; a text that a spreadsheet would run as a formula begins with an apostrophe.</summary>
    internal static string Cell(string cell, ExportKind kind)
    {
        if (kind is ExportKind.Text && cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            cell = "'" + cell;
        return cell.AsSpan().IndexOfAny("\",\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task FlushAsync(StringBuilder buffer, Stream to, CancellationToken cancel)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(buffer.ToString()), cancel);
        buffer.Clear();
    }
}
