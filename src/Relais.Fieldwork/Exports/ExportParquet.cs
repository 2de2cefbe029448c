using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Relais.Fieldwork.Exports;

/// <summary>A table as Parquet: texts, whole numbers as INT64, numbers as doubles; dates and moments as ISO 8601 texts, which every reader takes.</summary>
internal static class ExportParquet
{
    public const string MediaType = "application/vnd.apache.parquet";

    private const int RowsPerGroup = 50_000;

    public static async Task WriteAsync(Stream to, ExportTable table, CancellationToken cancel)
    {
        var schema = new ParquetSchema(table.Columns.Select(Field));
        await using var writer = await ParquetWriter.CreateAsync(schema, to, cancellationToken: cancel);
        var rows = new List<string?[]>();
        await foreach (var row in table.Rows(cancel).WithCancellation(cancel))
        {
            rows.Add(row);
            if (rows.Count < RowsPerGroup)
                continue;
            await WriteGroupAsync(writer, schema, rows, cancel);
            rows.Clear();
        }

        // One at least: a file without any is none to some readers.
        await WriteGroupAsync(writer, schema, rows, cancel);
    }

    private static DataField Field(ExportColumn column) => column.Kind switch
    {
        ExportKind.Whole => new DataField<long?>(column.Name),
        ExportKind.Number => new DataField<double?>(column.Name),
        _ => new DataField<string>(column.Name),
    };

    private static async Task WriteGroupAsync(ParquetWriter writer, ParquetSchema schema, List<string?[]> rows, CancellationToken cancel)
    {
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < schema.DataFields.Length; i++)
        {
            var (field, column) = (schema.DataFields[i], i);
            if (field.ClrType == typeof(long))
                await group.WriteAsync<long>(field, rows.Select(row => Whole(row[column])).ToArray(), cancellationToken: cancel);
            else if (field.ClrType == typeof(double))
                await group.WriteAsync<double>(field, rows.Select(row => Number(row[column])).ToArray(), cancellationToken: cancel);
            else
                await group.WriteAsync(field, rows.ConvertAll(row => row[column]));
        }

        group.CompleteValidate();
    }

    private static long? Whole(string? cell) => long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null;

    private static double? Number(string? cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
