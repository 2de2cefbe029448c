using System.Globalization;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace Relais.Fieldwork.Exports;

/// <summary>The words of a workbook in the reader's language.</summary>
internal sealed record ExportWords(string Data, string Variables, string Codes, string Name, string Label, string Kind, string Value);

/// <summary>A table as an Excel workbook: the rows, what the columns are, and what the codes mean.</summary>
internal static class ExportWorkbook
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>What one sheet can hold, its header left out.</summary>
    public const int MostRows = 1_048_575;

    // Excel takes no longer text in a cell.
    private const int LongestCell = 32_767;

    public static async Task WriteAsync(Stream to, ExportTable table, ExportWords words, CancellationToken cancel)
    {
        await using var book = await Spreadsheet.CreateNewAsync(to, cancellationToken: cancel);
        var bold = book.AddStyle(new Style { Font = { Bold = true } });
        var day = book.AddStyle(new Style { Format = NumberFormat.Custom("yyyy-mm-dd") });
        var moment = book.AddStyle(new Style { Format = NumberFormat.Custom("yyyy-mm-dd hh:mm:ss") });

        await book.StartWorksheetAsync(words.Data, new WorksheetOptions { FrozenRows = 1, FrozenColumns = 1 }, cancel);
        await book.AddRowAsync([.. table.Columns.Select(c => new StyledCell(c.Name, bold))], cancel);
        await foreach (var row in table.Rows(cancel).WithCancellation(cancel))
            await book.AddRowAsync([.. row.Select((cell, i) => Cell(cell, table.Columns[i].Kind, day, moment))], cancel);

        await book.StartWorksheetAsync(words.Variables, Columns(28, 80, 14), cancel);
        await book.AddRowAsync([new StyledCell(words.Name, bold), new StyledCell(words.Label, bold), new StyledCell(words.Kind, bold)], cancel);
        foreach (var column in table.Columns)
            await book.AddRowAsync([Text(column.Name), Text(column.Label), Text(column.Kind.ToString())], cancel);

        await book.StartWorksheetAsync(words.Codes, Columns(28, 20, 80), cancel);
        await book.AddRowAsync([new StyledCell(words.Name, bold), new StyledCell(words.Value, bold), new StyledCell(words.Label, bold)], cancel);
        foreach (var column in table.Columns)
        {
            foreach (var code in column.Codes)
                await book.AddRowAsync([Text(column.Name), Text(code.Value), Text(code.Label)], cancel);
        }

        await book.FinishAsync(cancel);
    }

    private static WorksheetOptions Columns(params ReadOnlySpan<double> widths)
    {
        var options = new WorksheetOptions { FrozenRows = 1 };
        for (var i = 0; i < widths.Length; i++)
            options.Column(i + 1).Width = widths[i];
        return options;
    }

    private static StyledCell Cell(string? cell, ExportKind kind, StyleId day, StyleId moment)
    {
        if (string.IsNullOrEmpty(cell))
            return Text(null);
        return kind switch
        {
            ExportKind.Date when DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                => new StyledCell(date.ToDateTime(TimeOnly.MinValue), day),
            ExportKind.Moment when DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                => new StyledCell(at.UtcDateTime, moment),
            ExportKind.Whole or ExportKind.Number when double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                => new StyledCell(number, null),
            _ => Text(cell),
        };
    }

    private static StyledCell Text(string? text) => new(text is { Length: > LongestCell } ? text[..LongestCell] : text, null);
}
