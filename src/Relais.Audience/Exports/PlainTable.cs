using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;
using Relais.Audience.Runs;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace Relais.Audience.Exports;

internal enum PlainKind
{
    Text,
    Whole,
    Number,
}

/// <param name="Name">As CSV and Parquet call it.</param>
/// <param name="Title">As people read it, in a workbook.</param>
internal sealed record PlainColumn(string Name, string Title, PlainKind Kind)
{
    /// <summary>What a workbook says for a code that CSV and Parquet have; null: the code.</summary>
    public Func<string, string>? Words { get; init; }
}

/// <summary>A table on its way into a file: CSV, an Excel workbook with notes, or Parquet. A null is no value: withheld, or there is none.</summary>
/// <param name="Rows">A string, an int or a double for each column, by its kind.</param>
/// <param name="Notes">Lines of the workbook's second sheet: what, and its words.</param>
internal sealed record PlainTable(string Title, IReadOnlyList<PlainColumn> Columns, IReadOnlyList<object?[]> Rows, IReadOnlyList<(string Name, string Words)> Notes)
{
    public byte[] Csv()
    {
        var file = new StringBuilder().AppendJoin(',', Columns.Select(c => c.Name)).Append('\n');
        foreach (var row in Rows)
            file.AppendJoin(',', row.Select(Field)).Append('\n');
        return Encoding.UTF8.GetBytes(file.ToString());
    }

    public async Task<byte[]> WorkbookAsync(string notes, CancellationToken cancel)
    {
        using var file = new MemoryStream();
        await using (var book = await Spreadsheet.CreateNewAsync(file, cancellationToken: cancel))
        {
            var bold = book.AddStyle(new Style { Font = { Bold = true } });
            var tenth = book.AddStyle(new Style { Format = NumberFormat.Custom("#,##0.0") });
            var options = new WorksheetOptions { FrozenRows = 1 };
            for (var column = 1; column <= Columns.Count; column++)
                options.Column(column).Width = Columns[column - 1].Kind == PlainKind.Text ? 24 : 14;
            await book.StartWorksheetAsync(Title, options, cancel);
            await book.AddRowAsync([.. Columns.Select(c => new StyledCell(c.Title, bold))], cancel);
            foreach (var row in Rows)
                await book.AddRowAsync([.. row.Select((value, at) => Cell(value is string code && Columns[at].Words is { } words ? words(code) : value, tenth))], cancel);
            var wide = new WorksheetOptions();
            wide.Column(1).Width = 26;
            wide.Column(2).Width = 90;
            await book.StartWorksheetAsync(notes, wide, cancel);
            foreach (var (name, words) in Notes)
                await book.AddRowAsync([new StyledCell(name, bold), new StyledCell(words, null)], cancel);
            await book.FinishAsync(cancel);
        }

        return file.ToArray();
    }

    public async Task<byte[]> ParquetAsync(CancellationToken cancel)
    {
        using var file = new MemoryStream();
        var schema = new ParquetSchema([.. Columns.Select(c => (Field)(c.Kind switch
        {
            PlainKind.Text => new DataField<string>(c.Name),
            PlainKind.Whole => new DataField<int?>(c.Name),
            PlainKind.Number => new DataField<double?>(c.Name),
        }))]);
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: cancel))
        {
            using var group = writer.CreateRowGroup();
            for (var column = 0; column < Columns.Count; column++)
            {
                var (field, at) = (schema.DataFields[column], column);
                switch (Columns[column].Kind)
                {
                    case PlainKind.Text:
                        await group.WriteAsync(field, Rows.Select(r => (string?)r[at]).ToList());
                        break;
                    case PlainKind.Whole:
                        await group.WriteAsync<int>(field, Rows.Select(r => (int?)r[at]).ToArray(), cancellationToken: cancel);
                        break;
                    case PlainKind.Number:
                        await group.WriteAsync<double>(field, Rows.Select(r => (double?)r[at]).ToArray(), cancellationToken: cancel);
                        break;
                }
            }

            group.CompleteValidate();
        }

        return file.ToArray();
    }

    private static string Field(object? value) => value switch
    {
        string text => FigureFile.Text(FigureCsv.Inert(text)),
        double number => number.ToString("G17", CultureInfo.InvariantCulture),
        int whole => whole.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    private static StyledCell Cell(object? value, StyleId tenth) => value switch
    {
        string text => new StyledCell(text, null),
        double number => new StyledCell(number, tenth),
        int whole => new StyledCell(whole, null),
        _ => new StyledCell((string?)null, null),
    };
}
